package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestLastLines(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	for _, test := range []struct{ content, want string }{
		{"", ""},
		{"one", "one"},
		{"one\ntwo\n", "one\ntwo"},
		{"one\ntwo\nthree\n", "two\nthree"},
	} {
		if err := os.WriteFile(log, []byte(test.content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := string(lastLines(log, 2)); got != test.want {
			t.Errorf("of %q: %q, want %q", test.content, got, test.want)
		}
	}
}

func TestShellQuote(t *testing.T) {
	if got, want := shellQuote("it's $HOME"), `'it'\''s $HOME'`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
