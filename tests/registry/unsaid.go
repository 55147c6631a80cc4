package main

import "net/http"

// withoutLocation takes the answer to an upload the header that says where the blob is, as some
// registries do not send it.
func withoutLocation(unsaid bool, next http.Handler) http.Handler {
	if !unsaid {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut && r.URL.Query().Has("digest") {
			w = silent{w}
		}
		next.ServeHTTP(w, r)
	})
}

type silent struct{ http.ResponseWriter }

func (w silent) WriteHeader(status int) {
	w.Header().Del("Location")
	w.ResponseWriter.WriteHeader(status)
}
