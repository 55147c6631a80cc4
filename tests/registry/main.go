// Command registry is the CNCF distribution registry on a free loopback port.
//
// It prints its address, keeps everything in the folder it is given, and ends
// when its stdin closes: with the test that started it, however that ends.
package main

import (
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"

	"github.com/distribution/distribution/v3/configuration"
	_ "github.com/distribution/distribution/v3/registry/auth/htpasswd"
	"github.com/distribution/distribution/v3/registry/handlers"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/filesystem"
	"github.com/sirupsen/logrus"
)

type options struct {
	folder    string
	address   string
	secure    bool
	passwords bool
	refused   string
	unsaid    bool
	upstream  string
}

func main() {
	var o options
	flag.StringVar(&o.folder, "folder", "", "what it owns: blobs, and the files named below")
	flag.StringVar(&o.address, "address", "127.0.0.1", "where it listens")
	flag.BoolVar(&o.secure, "tls", false, "speak TLS, with an authority of its own in ca.pem")
	flag.BoolVar(&o.passwords, "htpasswd", false, "let only those in who are in htpasswd")
	flag.StringVar(&o.refused, "refuse-config", "", "what the media type of no config may begin with")
	flag.BoolVar(&o.unsaid, "without-location", false, "do not say where an uploaded blob is")
	flag.StringVar(&o.upstream, "mirror-of", "", "the URL of a registry that it is a pull-through mirror of")
	flag.Parse()
	if err := serve(o); err != nil {
		fmt.Fprintf(os.Stderr, "registry: %v\n", err)
		os.Exit(1)
	}
}

func serve(o options) error {
	listener, err := net.Listen("tcp", net.JoinHostPort(o.address, "0"))
	if err != nil {
		return err
	}
	address := listener.Addr()
	if o.secure {
		certificate, err := selfSigned(o.address, filepath.Join(o.folder, "ca.pem"))
		if err != nil {
			return err
		}
		listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{certificate}})
	}
	// A test has the answers: it needs no logs.
	logrus.SetOutput(io.Discard)
	app := handlers.NewApp(context.Background(), o.configuration())
	fmt.Println(address)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	server := http.Server{
		Handler:  limit(filepath.Join(o.folder, "limit"), withoutLocation(o.unsaid, refuseConfig(o.refused, app))),
		ErrorLog: log.New(io.Discard, "", 0),
	}
	return server.Serve(listener)
}

func (o options) configuration() *configuration.Configuration {
	config := &configuration.Configuration{
		Storage: configuration.Storage{
			"filesystem": configuration.Parameters{"rootdirectory": filepath.Join(o.folder, "storage")},
		},
	}
	if o.passwords {
		config.Auth = configuration.Auth{
			"htpasswd": configuration.Parameters{
				"realm": "shop",
				"path":  filepath.Join(o.folder, "htpasswd"),
			},
		}
	}
	if o.upstream != "" {
		config.Proxy = configuration.Proxy{RemoteURL: o.upstream}
	}
	return config
}
