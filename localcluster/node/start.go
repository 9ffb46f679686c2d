package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// The first file descriptors that a child gets beside its standard three.
const (
	readyDescriptor         = 3
	firstListenerDescriptor = 4
)

// startNode opens the machine's side of the forwards and starts the node's first process in new namespaces. A listening
// socket stays in the network namespace that it was made in: the node inherits sockets of the machine's loopback, while
// all that it opens itself is within its own network.
func startNode(path string, configuration *Configuration) error {
	if err := os.MkdirAll(configuration.LogFolder, 0o755); err != nil {
		return err
	}
	log, err := os.OpenFile(filepath.Join(configuration.LogFolder, "node.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	ready, childReady, err := os.Pipe()
	if err != nil {
		return err
	}
	listeners, err := listen(configuration.Forwards)
	if err != nil {
		return err
	}
	node := exec.Cmd{
		Path:       "/proc/self/exe",
		Args:       []string{os.Args[0], "init", path},
		Dir:        "/",
		Env:        []string{}, // nothing of the caller's environment reaches the node
		Stdout:     log,
		Stderr:     log,
		ExtraFiles: append([]*os.File{childReady}, listeners...),
		SysProcAttr: &syscall.SysProcAttr{
			Setsid:     true,
			Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWNET | syscall.CLONE_NEWUTS | syscall.CLONE_NEWIPC,
		},
	}
	if err := node.Start(); err != nil {
		return fmt.Errorf("cannot make the node's namespaces (%w)", err)
	}
	childReady.Close()
	if message, _ := io.ReadAll(ready); string(message) != "ready" {
		return fmt.Errorf("the node did not start: %s", orLog(message, log.Name()))
	}
	return nil
}

func orLog(message []byte, path string) string {
	if len(message) > 0 {
		return string(message)
	}
	return "see " + path
}

func listen(forwards []Forward) ([]*os.File, error) {
	var files []*os.File
	for _, forward := range forwards {
		listener, err := net.Listen("tcp", forward.Listen)
		if err != nil {
			return nil, err
		}
		file, err := listener.(*net.TCPListener).File()
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}
