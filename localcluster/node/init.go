package main

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// runNode is the life of the node's first process: it prepares the node, starts what runs on it, and keeps both.
func runNode(configuration *Configuration) error {
	// Inherited descriptors stay open in children unless told otherwise, and `node up` waits for the end of this one.
	unix.CloseOnExec(readyDescriptor)
	ready := os.NewFile(readyDescriptor, "ready")
	if err := prepare(configuration); err != nil {
		fmt.Fprint(ready, err)
		return err
	}
	supervisor := newSupervisor()
	for _, process := range configuration.Processes {
		go supervisor.keepRunning(process)
	}
	if _, err := ready.WriteString("ready"); err != nil {
		return err
	}
	ready.Close()

	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	<-stop // the kernel ends every other process of the namespace with this one
	return nil
}

func prepare(configuration *Configuration) error {
	raiseFileLimit()
	if err := unix.Sethostname([]byte(configuration.Hostname)); err != nil {
		return fmt.Errorf("hostname: %w", err)
	}
	if err := joinCgroups(configuration.Cgroup); err != nil {
		return fmt.Errorf("cgroups: %w", err)
	}
	if err := startForwards(configuration.Forwards); err != nil {
		return fmt.Errorf("forwards: %w", err)
	}
	if err := buildRoot(configuration); err != nil {
		return fmt.Errorf("root file system: %w", err)
	}
	if err := setUpNetwork(configuration.Network); err != nil {
		return fmt.Errorf("network: %w", err)
	}
	return nil
}

// Brokers and etcd keep many files open; the node's processes inherit the most that the machine allows.
func raiseFileLimit() {
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) == nil {
		limit.Cur = limit.Max
		_ = unix.Setrlimit(unix.RLIMIT_NOFILE, &limit)
	}
}

func writeFile(path, content string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(content), 0o644)
}
