package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// refusal is what a hostile registry would say: a terminal obeys this.
const refusal = `{"errors":[{"code":"MANIFEST_INVALID","message":"\u001b[2Jthis config is not allowed"}]}`

// refuseConfig stands before a registry and turns away manifests whose config
// has a media type that begins so, as registries with a list of allowed types
// do. The distribution registry has no such list.
func refuseConfig(prefix string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Blobs are uploaded by PUT as well; theirs has a digest in the query.
		if prefix == "" || r.Method != http.MethodPut || r.URL.Query().Has("digest") {
			next.ServeHTTP(w, r)
			return
		}
		manifest, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		var parsed struct {
			Config struct {
				MediaType string `json:"mediaType"`
			} `json:"config"`
		}
		if json.Unmarshal(manifest, &parsed) == nil && strings.HasPrefix(parsed.Config.MediaType, prefix) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, refusal)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(manifest))
		next.ServeHTTP(w, r)
	})
}
