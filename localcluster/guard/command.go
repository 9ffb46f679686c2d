package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

const (
	ownerFileDescriptor   = 3
	setChildSubreaper     = 36 // PR_SET_CHILD_SUBREAPER
	setSecureBits         = 28 // PR_SET_SECUREBITS
	noSetuidFixup         = 4  // SECBIT_NO_SETUID_FIXUP
	capabilityDacOverride = 1  // CAP_DAC_OVERRIDE
)

// ownerGone returns a channel that is closed when the other end of stdin closes, or a signal asks guard to end.
func ownerGone() <-chan struct{} {
	gone := make(chan struct{})
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		for buffer := make([]byte, 64); ; {
			if _, err := os.Stdin.Read(buffer); err != nil {
				return
			}
		}
	}()
	go func() {
		defer close(gone)
		select {
		case <-signals:
		case <-closed:
		}
	}()
	return gone
}

// start runs the command and tells the owner its process id.
func start(options options) (*os.Process, error) {
	owner := os.NewFile(ownerFileDescriptor, "owner")
	syscall.CloseOnExec(ownerFileDescriptor)
	// What the command's children leave behind becomes guard's own child, wherever they moved to: PostgreSQL's
	// processes each lead a process group of their own, so that no signal to a group would reach them all.
	if err := control(setChildSubreaper, 1); err != nil {
		return nil, fmt.Errorf("cannot adopt the command's children: %w", err)
	}
	if options.user != 0 {
		// Otherwise access(2), which PostgreSQL asks about its own files, would leave the user's capability aside.
		if err := control(setSecureBits, noSetuidFixup); err != nil {
			return nil, fmt.Errorf("cannot run a command as another user: %w", err)
		}
	}
	command, err := os.StartProcess(options.command[0], options.command, &os.ProcAttr{
		Files: []*os.File{nil, os.Stdout, os.Stderr},
		Sys:   attributes(options.user),
	})
	if err != nil {
		return nil, err
	}
	if _, err := fmt.Fprintln(owner, command.Pid); err != nil {
		command.Kill()
		return nil, fmt.Errorf("cannot report the process id on file descriptor %d: %w", ownerFileDescriptor, err)
	}
	return command, owner.Close()
}

func attributes(user int) *syscall.SysProcAttr {
	attributes := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if user != 0 {
		attributes.Credential = &syscall.Credential{Uid: uint32(user), Gid: uint32(user)}
		// Root's own folders hold the command's program and data; the other user could not even pass through /root.
		attributes.AmbientCaps = []uintptr{capabilityDacOverride}
	}
	return attributes
}

func control(operation, value uintptr) error {
	if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, operation, value, 0); errno != 0 {
		return errno
	}
	return nil
}
