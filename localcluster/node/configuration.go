package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
)

// Configuration says what the node is made of. Paths on the machine are absolute.
type Configuration struct {
	Hostname string `json:"hostname"`
	// Root is a folder whose top-level folders (usr, lib, ...) become the node's, read-only.
	Root string `json:"root"`
	// Mounts shows folders of the machine inside the node.
	Mounts []Mount `json:"mounts"`
	// Files are written into the node's own root, by their path there.
	Files map[string]string `json:"files"`
	// KernelSettings are shown to the node's processes in place of files below /proc/sys that the whole machine shares.
	KernelSettings map[string]string `json:"kernelSettings"`
	// Cgroup is the path, below each cgroup hierarchy's root, that holds all of the node's cgroups.
	Cgroup   string    `json:"cgroup"`
	Network  Network   `json:"network"`
	Forwards []Forward `json:"forwards"`
	// LogFolder is a folder of the machine: a file a process, and the containers' logs. It is the node's /var/log.
	LogFolder string    `json:"logFolder"`
	Processes []Process `json:"processes"`
}

// A Mount binds a folder of the machine to a path in the node.
type Mount struct {
	Source   string `json:"source"`
	Target   string `json:"target"`
	ReadOnly bool   `json:"readOnly"`
}

// Network is the node's one interface. Nothing behind it answers: there is no way out of the node but the forwards.
type Network struct {
	// Address is the interface's, with its prefix length: 10.201.0.2/24.
	Address string `json:"address"`
	// Routes are networks that are sent to the interface: service addresses need a route before they are translated.
	Routes []string `json:"routes"`
}

// A Forward takes connections on an address of the machine to one inside the node.
type Forward struct {
	Listen string `json:"listen"`
	To     string `json:"to"`
}

// A Process is kept running: started again, after a growing pause, whenever it ends.
type Process struct {
	Name        string            `json:"name"`
	Command     []string          `json:"command"`
	Environment map[string]string `json:"environment"`
	// WaitFor are sockets that must take connections before the process starts: unix:/path or tcp:host:port.
	WaitFor []string `json:"waitFor"`
}

func readConfiguration(path string) (*Configuration, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var configuration Configuration
	if err := decoder.Decode(&configuration); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &configuration, nil
}
