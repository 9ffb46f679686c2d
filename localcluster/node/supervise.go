package main

import (
	"fmt"
	"log"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	firstPause   = 100 * time.Millisecond
	longestPause = 5 * time.Second
	// A process that ran this long has earned the shortest pause again.
	settledAfter    = 30 * time.Second
	lookAgainAfter  = 20 * time.Millisecond
	lookDialTimeout = time.Second
)

// A supervisor starts processes and collects every process of the namespace that ends: as the first process it is also
// the parent of orphans (containerd's shims), which nobody else would collect.
type supervisor struct {
	mutex   sync.Mutex // held from before a start until its waiter is noted, so that no exit comes unexpected
	waiters map[int]chan syscall.WaitStatus
}

func newSupervisor() *supervisor {
	s := &supervisor{waiters: map[int]chan syscall.WaitStatus{}}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGCHLD)
	go func() {
		for range ended {
			s.collect()
		}
	}()
	return s
}

func (s *supervisor) collect() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil || pid <= 0 {
			return
		}
		if waiter := s.waiters[pid]; waiter != nil {
			delete(s.waiters, pid)
			waiter <- status
		}
	}
}

// keepRunning never returns: it waits for what the process needs, starts it, waits for its end, and begins again.
func (s *supervisor) keepRunning(process Process) {
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		waitForSockets(process.WaitFor)
		started := time.Now()
		end, err := s.start(process)
		if err != nil {
			log.Printf("%s: cannot be started: %v", process.Name, err)
		} else {
			log.Printf("%s: %s", process.Name, describe(<-end))
		}
		if time.Since(started) > settledAfter {
			pause = firstPause
		}
		time.Sleep(pause)
	}
}

func (s *supervisor) start(process Process) (<-chan syscall.WaitStatus, error) {
	output, err := os.OpenFile(filepath.Join(logFolder, process.Name+".log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return nil, err
	}
	defer output.Close()
	command := exec.Command(process.Command[0], process.Command[1:]...)
	command.Stdout, command.Stderr = output, output
	command.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root"}
	for name, value := range process.Environment {
		command.Env = append(command.Env, name+"="+value)
	}
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}

	s.mutex.Lock()
	defer s.mutex.Unlock()
	if err := command.Start(); err != nil {
		return nil, err
	}
	log.Printf("%s: started, pid %d", process.Name, command.Process.Pid)
	end := make(chan syscall.WaitStatus, 1)
	s.waiters[command.Process.Pid] = end
	return end, nil
}

func waitForSockets(sockets []string) {
	for _, socket := range sockets {
		network, address, _ := strings.Cut(socket, ":")
		for {
			connection, err := net.DialTimeout(network, address, lookDialTimeout)
			if err == nil {
				connection.Close()
				break
			}
			time.Sleep(lookAgainAfter)
		}
	}
}

func describe(status syscall.WaitStatus) string {
	if status.Signaled() {
		return fmt.Sprintf("ended by signal %v", status.Signal())
	}
	return fmt.Sprintf("ended with exit code %d", status.ExitStatus())
}
