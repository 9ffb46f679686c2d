package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// waitFor waits for the command and returns its exit code. Orphans that end before it are reaped on the way.
func waitFor(command int) int {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, 0, nil)
		switch {
		case err == syscall.EINTR || (err == nil && pid != command):
		case err != nil:
			exit(1, fmt.Errorf("cannot wait for the command: %w", err))
		case status.Signaled():
			return 128 + int(status.Signal())
		default:
			return status.ExitStatus()
		}
	}
}

// killOrphans kills what the command left running, generation by generation: the children of a killed process become
// guard's own in the moment that it dies, so none is missed.
func killOrphans() {
	for {
		for _, pid := range childrenOf(os.Getpid()) {
			syscall.Kill(pid, syscall.SIGKILL)
		}
		if _, err := syscall.Wait4(-1, nil, 0, nil); err == syscall.ECHILD {
			return
		}
	}
}

func childrenOf(parent int) []int {
	var children []int
	paths, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range paths {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended meanwhile
		}
		// "pid (name) state parent ...", and the name may hold anything, even a parenthesis.
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		if fields[1] == strconv.Itoa(parent) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			children = append(children, pid)
		}
	}
	return children
}

const removeID = 0 // IPC_RMID

// removeSharedMemory removes the System V shared memory that the command made: the kernel keeps it after a SIGKILL, for
// ever. PostgreSQL makes one such segment for each start.
func removeSharedMemory(command int) {
	table, err := os.ReadFile("/proc/sysvipc/shm")
	if err != nil {
		return // a kernel without System V shared memory
	}
	for line := range strings.Lines(string(table)) {
		// key, id, permissions, size, process id of the maker, ...
		fields := strings.Fields(line)
		if fields[4] == strconv.Itoa(command) {
			id, _ := strconv.Atoi(fields[1])
			syscall.Syscall(syscall.SYS_SHMCTL, uintptr(id), removeID, 0)
		}
	}
}
