package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"time"
)

// certificate is what the API server shows to its clients, as PEM. The driver
// makes it: the server's own would be RSA, a good part of a second of work.
type certificate struct {
	// authority is what clients trust; its key is thrown away.
	authority []byte
	chain     []byte
	key       []byte
}

// newCertificate makes one for the loopback address.
func newCertificate() (*certificate, error) {
	authorityKey, err := newKey()
	if err != nil {
		return nil, err
	}
	serverKey, err := newKey()
	if err != nil {
		return nil, err
	}
	now := time.Now()
	authority := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "control-plane authority"},
		NotBefore:             now.Add(-time.Hour),
		NotAfter:              now.AddDate(1, 0, 0),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign,
	}
	server := &x509.Certificate{
		SerialNumber: big.NewInt(2),
		Subject:      pkix.Name{CommonName: "kube-apiserver"},
		NotBefore:    authority.NotBefore,
		NotAfter:     authority.NotAfter,
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		DNSNames:     []string{"localhost", "kubernetes.default.svc"},
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	authorityPEM, err := sign(authority, authority, authorityKey.Public(), authorityKey)
	if err != nil {
		return nil, err
	}
	serverPEM, err := sign(server, authority, serverKey.Public(), authorityKey)
	if err != nil {
		return nil, err
	}
	keyPEM, err := encodeKey(serverKey)
	return &certificate{authorityPEM, serverPEM, keyPEM}, err
}

func sign(subject, issuer *x509.Certificate, public, issuerKey any) ([]byte, error) {
	der, err := x509.CreateCertificate(rand.Reader, subject, issuer, public, issuerKey)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), err
}

// newKey makes a private key of the kind that is made fastest.
func newKey() (*ecdsa.PrivateKey, error) {
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}

// encodeKey uses the form from which the API server can also take the public half.
func encodeKey(key *ecdsa.PrivateKey) ([]byte, error) {
	der, err := x509.MarshalECPrivateKey(key)
	return pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}), err
}
