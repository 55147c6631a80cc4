package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// api is what the driver itself asks of the API server, as admin.
type api struct {
	server string
	token  string
	client *http.Client
}

func newAPI(server string, authority []byte, token string) *api {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	return &api{server, token, &http.Client{
		Timeout: 5 * time.Second,
		// A transport of its own, for the default one heeds HTTPS_PROXY.
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}},
	}}
}

func (a *api) get(ctx context.Context, path string) ([]byte, error) {
	return a.request(ctx, http.MethodGet, path, nil)
}

// create posts a manifest in YAML.
func (a *api) create(ctx context.Context, path string, manifest []byte) error {
	_, err := a.request(ctx, http.MethodPost, path, manifest)
	return err
}

func (a *api) request(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, a.server+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+a.token)
	if body != nil {
		request.Header.Set("Content-Type", "application/yaml")
	}
	response, err := a.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if response.StatusCode >= http.StatusBadRequest {
		return nil, fmt.Errorf("%s %s: %s: %s", method, path, response.Status, answer)
	}
	return answer, nil
}

// healthy says whether the API server serves, the default namespace included:
// that one appears a little after /readyz says ok.
func (a *api) healthy(ctx context.Context) error {
	if _, err := a.get(ctx, "/readyz"); err != nil {
		return err
	}
	_, err := a.get(ctx, "/api/v1/namespaces/default")
	return err
}

// nodeSchedulable says whether pods would land on the node. That takes kwok,
// who reports it ready, and the controller manager, who then removes the taint.
func (a *api) nodeSchedulable(ctx context.Context) error {
	answer, err := a.get(ctx, "/api/v1/nodes")
	if err != nil {
		return err
	}
	var nodes struct {
		Items []struct {
			Spec   struct{ Taints []struct{ Key string } }
			Status struct {
				Conditions []struct{ Type, Status string }
			}
		}
	}
	if err := json.Unmarshal(answer, &nodes); err != nil {
		return err
	}
	for _, node := range nodes.Items {
		for _, condition := range node.Status.Conditions {
			if condition.Type == "Ready" && condition.Status == "True" && len(node.Spec.Taints) == 0 {
				return nil
			}
		}
	}
	return fmt.Errorf("no node is ready: %s", answer)
}
