package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestAFolderIsHeldUntilItsDriverIsGone(t *testing.T) {
	folder := t.TempDir()
	if pid, err := holder(folder); pid != 0 || err != nil {
		t.Fatalf("a folder without a mark has holder %d, %v", pid, err)
	}
	held, err := claim(folder)
	if err != nil {
		t.Fatal(err)
	}
	if pid, err := holder(folder); pid != os.Getpid() || err != nil {
		t.Fatalf("holder is %d, %v; want %d", pid, err, os.Getpid())
	}
	removeIfStale(folder)
	if _, err := os.Stat(folder); err != nil {
		t.Fatal("a folder in use was removed")
	}
	held.alive.Close() // as the kernel does for a driver that was killed
	if pid, err := holder(folder); pid != 0 || err != nil {
		t.Fatalf("after the driver's death the holder is %d, %v", pid, err)
	}
	removeIfStale(folder)
	if _, err := os.Stat(folder); err == nil {
		t.Fatal("a stale folder was left")
	}
}

func TestAnUnmarkedFolderIsNotOurs(t *testing.T) {
	folder := t.TempDir()
	removeIfStale(folder)
	if _, err := os.Stat(folder); err != nil {
		t.Fatal("it was removed")
	}
}

func TestRemoveLeavesNothing(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "run")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	held, err := claim(folder)
	if err != nil {
		t.Fatal(err)
	}
	held.remove()
	left, err := os.ReadDir(filepath.Dir(folder))
	if len(left) != 0 || err != nil {
		t.Fatalf("left %v, %v", left, err)
	}
}
