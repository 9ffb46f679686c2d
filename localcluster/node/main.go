// Command node makes the machine that a local cluster runs on: one process tree in its own PID, network, mount, UTS and
// IPC namespaces, with a root file system of its own. The machine around it keeps its network, mounts and folders as
// they are, and when the first process goes, the kernel takes everything within with it.
//
//	node up CONFIGURATION    starts the node in the background; returns when its processes are being started
//	node init CONFIGURATION  is the node's first process; only `node up` starts it
//
// It goes by a configuration file (Configuration) alone; what a cluster needs is decided by whoever writes that file.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 3 {
		fail(fmt.Errorf("usage: node up|init CONFIGURATION"))
	}
	configuration, err := readConfiguration(os.Args[2])
	if err != nil {
		fail(err)
	}
	switch os.Args[1] {
	case "up":
		err = startNode(os.Args[2], configuration)
	case "init":
		err = runNode(configuration)
	default:
		err = fmt.Errorf("no command %q; there are: up, init", os.Args[1])
	}
	if err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
