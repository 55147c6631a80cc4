package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// tool is a program of the control plane.
type tool struct {
	name string
	// goPackage is its main package; go.mod names it as a tool.
	goPackage string
}

var (
	etcd              = tool{"etcd", "go.etcd.io/etcd/server/v3"}
	apiServer         = tool{"kube-apiserver", "k8s.io/kubernetes/cmd/kube-apiserver"}
	controllerManager = tool{"kube-controller-manager", "k8s.io/kubernetes/cmd/kube-controller-manager"}
	scheduler         = tool{"kube-scheduler", "k8s.io/kubernetes/cmd/kube-scheduler"}
	kubectl           = tool{"kubectl", "k8s.io/kubernetes/cmd/kubectl"}
	kwok              = tool{"kwok", "sigs.k8s.io/kwok/cmd/kwok"}
)

var tools = []tool{etcd, apiServer, controllerManager, scheduler, kubectl, kwok}

// buildFlags are those of every tool. Without the version, the API server says v0.0.0. What a
// debugger would read is left out: writing it is a fifth of the compiler's time.
var buildFlags = []string{
	"-trimpath",
	"-gcflags=all=-dwarf=false",
	"-ldflags", "-s -w -X k8s.io/component-base/version.gitVersion=v1.36.1",
}

// installation is a folder of built tools.
type installation string

// installed returns where the tools of exactly this driver belong: the same
// modules, flags, compiler and platform share a folder, anything else does not.
func installed() (installation, error) {
	cache, err := cacheFolder()
	if err != nil {
		return "", err
	}
	hash := sha256.New()
	for _, part := range []string{
		string(goMod), string(goSum), strings.Join(buildFlags, " "),
		runtime.Version(), runtime.GOOS, runtime.GOARCH,
	} {
		fmt.Fprintf(hash, "%d\n%s\n", len(part), part)
	}
	key := hex.EncodeToString(hash.Sum(nil))[:16]
	return installation(filepath.Join(cache, key)), nil
}

// path returns where the tool is, or would be.
func (i installation) path(t tool) string {
	if t == kubectl {
		return filepath.Join(i.bin(), t.name)
	}
	return filepath.Join(string(i), "libexec", t.name)
}

// bin returns the folder for PATH. It holds kubectl alone: nobody wants an
// etcd on their PATH because they ran a test.
func (i installation) bin() string {
	return filepath.Join(string(i), "bin")
}

func (i installation) has(t tool) bool {
	_, err := os.Stat(i.path(t))
	return err == nil
}

// cacheFolder returns the user's folder for everything that outlives one run.
func cacheFolder() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no folder for the built programs: %w", err)
	}
	return filepath.Join(cache, "kubectl-snapshot", "control-plane"), nil
}
