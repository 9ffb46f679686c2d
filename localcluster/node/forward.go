package main

import (
	"errors"
	"io"
	"log"
	"net"
	"os"
	"sync"
	"time"
)

const dialTimeout = 10 * time.Second

// startForwards serves the listening sockets that `node up` opened on the machine and handed down, in their order.
func startForwards(forwards []Forward) error {
	for i, forward := range forwards {
		file := os.NewFile(uintptr(firstListenerDescriptor+i), forward.Listen)
		listener, err := net.FileListener(file)
		if err != nil {
			return err
		}
		file.Close() // the listener has a copy
		go serve(listener, forward.To)
	}
	return nil
}

func serve(listener net.Listener, to string) {
	for {
		connection, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			log.Printf("accept on %s: %v", listener.Addr(), err)
			time.Sleep(100 * time.Millisecond) // out of descriptors, most likely: let some close
			continue
		}
		go relay(connection.(*net.TCPConn), to)
	}
}

// relay copies both ways until both sides have said all they had to say.
func relay(outside *net.TCPConn, to string) {
	defer outside.Close()
	connection, err := net.DialTimeout("tcp", to, dialTimeout)
	if err != nil {
		return // the caller sees its connection closed, as it would where nothing listens
	}
	inside := connection.(*net.TCPConn)
	defer inside.Close()
	var both sync.WaitGroup
	both.Go(func() { copyHalf(inside, outside) })
	both.Go(func() { copyHalf(outside, inside) })
	both.Wait()
}

func copyHalf(to, from *net.TCPConn) {
	if _, err := io.Copy(to, from); err != nil {
		to.Close() // a broken half has no orderly end to pass on
		return
	}
	_ = to.CloseWrite()
}
