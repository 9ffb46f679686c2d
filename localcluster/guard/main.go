// Command guard runs a command that must not outlive its owner, and removes the folders that must not either.
//
//	guard [--user UID] [--remove FOLDER]... [-- command args...]
//
// The owner holds the other end of guard's stdin and writes nothing to it. When that end closes, which the kernel sees
// to even if the owner is killed by SIGKILL, guard kills the command with all its descendants, waits until they are
// gone, and removes the folders. SIGINT, SIGTERM and SIGHUP do the same.
//
// When the command ends while its owner lives, guard kills what the command left running, keeps the folders (the owner
// may start the command on them again), and exits with the command's code: 128 + the signal if one ended it.
//
// The command's process id is written to file descriptor 3 as one line, so that the owner can signal it directly. The
// command gets no stdin, and guard's stdout and stderr. Without a command, guard is there for the folders alone.
//
// If guard itself is killed, the kernel kills the command too, but not what the command has started.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
)

type options struct {
	user    int
	folders folders
	command []string
}

type folders []string

func (list *folders) String() string { return strings.Join(*list, " ") }

func (list *folders) Set(folder string) error {
	*list = append(*list, folder)
	return nil
}

func readOptions() options {
	var read options
	flag.IntVar(&read.user, "user", 0, "run the command as this user id and group id (guard must be root)")
	flag.Var(&read.folders, "remove", "a folder to remove when the owner is gone (repeatable)")
	flag.Parse()
	read.command = flag.Args()
	return read
}

func main() {
	// The kernel counts the command's parent as dead when the thread that forked it ends, so this one must stay.
	runtime.LockOSThread()
	options := readOptions()
	gone := ownerGone()
	if len(options.command) == 0 {
		<-gone
		exit(0, removeAll(options.folders))
	}
	command, err := start(options)
	if err != nil {
		exit(127, err)
	}
	go func() {
		<-gone
		command.Kill()
	}()
	code := waitFor(command.Pid)
	killOrphans()
	removeSharedMemory(command.Pid)
	select {
	case <-gone:
		exit(code, removeAll(options.folders))
	default:
		exit(code, nil)
	}
}

func removeAll(folders []string) error {
	var failures []error
	for _, folder := range folders {
		failures = append(failures, os.RemoveAll(folder))
	}
	return errors.Join(failures...)
}

func exit(code int, err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "guard: %v\n", err)
		code = max(code, 1)
	}
	os.Exit(code)
}
