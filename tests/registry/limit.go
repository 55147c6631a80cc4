package main

import (
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// exhausted is what Docker Hub says to who has had enough.
const exhausted = `{"errors":[{"code":"TOOMANYREQUESTS","message":"You have reached your pull rate limit."}]}`

// limit stands before a registry and takes no request for so many seconds as stand in a file, from
// the first one on that comes once the file is there. The distribution registry has no limit.
func limit(file string, next http.Handler) http.Handler {
	var mutex sync.Mutex
	var known string
	var until time.Time
	left := func() float64 {
		text, err := os.ReadFile(file)
		if err != nil {
			return 0
		}
		mutex.Lock()
		defer mutex.Unlock()
		if seconds, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil && known != string(text) {
			known, until = string(text), time.Now().Add(time.Duration(seconds)*time.Second)
		}
		return time.Until(until).Seconds()
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seconds := left()
		// Whoever only asks for the version of the interface is told.
		if seconds <= 0 || r.URL.Path == "/v2/" {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Retry-After", fmt.Sprint(math.Ceil(seconds)))
		w.Header().Set("RateLimit-Remaining", "0;w=21600")
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = io.WriteString(w, exhausted)
	})
}
