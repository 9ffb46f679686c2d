package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

const cgroupRoot = "/sys/fs/cgroup"

// joinCgroups makes the node's cgroup in every hierarchy, and moves this process, and so all that it starts, into a
// child of it named node. kubelet puts the pods into another child.
func joinCgroups(path string) error {
	var stat unix.Statfs_t
	if err := unix.Statfs(cgroupRoot, &stat); err != nil {
		return err
	}
	if stat.Type == unix.CGROUP2_SUPER_MAGIC {
		return joinUnified(path)
	}
	return joinHierarchies(path)
}

// Version 2: one hierarchy, where a parent says which controllers its children have.
func joinUnified(path string) error {
	controllers, err := os.ReadFile(filepath.Join(cgroupRoot, "cgroup.controllers"))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(cgroupRoot, path, "node"), 0o755); err != nil {
		return err
	}
	folder := cgroupRoot
	for _, part := range append([]string{""}, strings.Split(path, "/")...) {
		folder = filepath.Join(folder, part)
		for _, controller := range strings.Fields(string(controllers)) {
			if err := os.WriteFile(filepath.Join(folder, "cgroup.subtree_control"), []byte("+"+controller), 0o644); err != nil {
				return err
			}
		}
	}
	return join(filepath.Join(cgroupRoot, path, "node"))
}

// Version 1: a hierarchy a controller. A cpuset takes processes only once it has processors and memory, which it gets
// from its parent.
func joinHierarchies(path string) error {
	entries, err := os.ReadDir(cgroupRoot)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		hierarchy := filepath.Join(cgroupRoot, entry.Name())
		if _, err := os.Stat(filepath.Join(hierarchy, "cgroup.procs")); err != nil {
			continue // a link such as cpu -> cpu,cpuacct resolves; anything else is no hierarchy
		}
		folder := hierarchy
		for _, part := range strings.Split(path+"/node", "/") {
			parent := folder
			folder = filepath.Join(folder, part)
			if err := os.Mkdir(folder, 0o755); err != nil && !errors.Is(err, os.ErrExist) {
				return err
			}
			if err := inheritCpuset(parent, folder); err != nil {
				return err
			}
		}
		if err := join(folder); err != nil {
			return err
		}
	}
	return nil
}

func inheritCpuset(parent, child string) error {
	for _, name := range []string{"cpuset.cpus", "cpuset.mems"} {
		value, err := os.ReadFile(filepath.Join(parent, name))
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(child, name), value, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func join(folder string) error {
	return os.WriteFile(filepath.Join(folder, "cgroup.procs"), []byte("0"), 0o644)
}
