package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// newRoot is where the node's root is put together before it becomes "/". Only the node's mount namespace sees it so.
const newRoot = "/tmp"

// logFolder is where the configuration's folder of logs is found within the node.
const logFolder = "/var/log"

// buildRoot makes a root in memory out of the configuration's folders and moves into it, leaving the machine's behind.
func buildRoot(configuration *Configuration) error {
	sources, err := openSources(configuration)
	if err != nil {
		return err
	}
	if err := leaveChroot(); err != nil {
		return fmt.Errorf("leaving the chroot: %w", err)
	}
	// What is mounted here must not appear on the machine, which may share its mounts.
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return err
	}
	if err := unix.Mount("root", newRoot, "tmpfs", 0, "mode=755"); err != nil {
		return err
	}
	if err := mountKernelFileSystems(newRoot); err != nil {
		return err
	}
	for _, mount := range sources {
		if err := mount.attach(newRoot); err != nil {
			return err
		}
	}
	for path, content := range configuration.Files {
		if err := writeFile(filepath.Join(newRoot, path), content); err != nil {
			return err
		}
	}
	if err := moveInto(newRoot); err != nil {
		return err
	}
	return shadowKernelSettings(configuration.KernelSettings)
}

// An openMount is a folder of the machine held by a descriptor, so that it is found even where newRoot covers it.
type openMount struct {
	Mount
	descriptor int
}

func openSources(configuration *Configuration) ([]openMount, error) {
	mounts := []Mount{{Source: "/dev", Target: "/dev"}, {Source: configuration.LogFolder, Target: logFolder}}
	entries, err := os.ReadDir(configuration.Root)
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		if entry.IsDir() && entry.Name() != "etc" && entry.Name() != "var" && entry.Name() != "run" {
			mounts = append(mounts, Mount{Source: filepath.Join(configuration.Root, entry.Name()), Target: "/" + entry.Name(), ReadOnly: true})
		}
	}
	var open []openMount
	for _, mount := range append(mounts, configuration.Mounts...) {
		if err := os.MkdirAll(mount.Source, 0o755); err != nil {
			return nil, err
		}
		descriptor, err := unix.Open(mount.Source, unix.O_PATH|unix.O_CLOEXEC, 0)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", mount.Source, err)
		}
		open = append(open, openMount{mount, descriptor})
	}
	return open, nil
}

func (m openMount) attach(root string) error {
	defer unix.Close(m.descriptor)
	target := filepath.Join(root, m.Target)
	if err := os.MkdirAll(target, 0o755); err != nil {
		return err
	}
	source := fmt.Sprintf("/proc/self/fd/%d", m.descriptor)
	if err := unix.Mount(source, target, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return fmt.Errorf("%s: %w", m.Target, err)
	}
	if !m.ReadOnly {
		return nil
	}
	return unix.Mount("", target, "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY, "")
}

// The node has its own processes, network and run-time files; cgroups and devices it shares with the machine.
func mountKernelFileSystems(root string) error {
	cgroups, err := unix.Open("/sys/fs/cgroup", unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	fileSystems := []struct{ kind, target, options string }{
		{"proc", "/proc", ""},
		{"sysfs", "/sys", ""},
		{"tmpfs", "/run", "mode=755"},
		{"tmpfs", "/tmp", "mode=1777"},
	}
	for _, fs := range fileSystems {
		target := filepath.Join(root, fs.target)
		if err := os.MkdirAll(target, 0o755); err != nil {
			return err
		}
		if err := unix.Mount(fs.kind, target, fs.kind, 0, fs.options); err != nil {
			return fmt.Errorf("%s: %w", fs.target, err)
		}
	}
	return openMount{Mount{Target: "/sys/fs/cgroup"}, cgroups}.attach(root)
}

// leaveChroot moves to the root of the mount namespace, which is another where make runs in a chroot. The node's root must
// take the place of that one: whoever enters the namespace later, such as runc for an exec, arrives there.
func leaveChroot() error {
	if err := unix.Chdir("/"); err != nil {
		return err
	}
	// From a folder outside of the process's root, ".." leads on to the root of the namespace.
	if err := unix.Chroot(newRoot); err != nil {
		return err
	}
	for atRoot := false; !atRoot; {
		var folder, parent unix.Stat_t
		if err := unix.Stat(".", &folder); err != nil {
			return err
		}
		if err := unix.Chdir(".."); err != nil {
			return err
		}
		if err := unix.Stat(".", &parent); err != nil {
			return err
		}
		atRoot = folder.Dev == parent.Dev && folder.Ino == parent.Ino
	}
	return unix.Chroot(".")
}

func moveInto(root string) error {
	if err := os.Chdir(root); err != nil {
		return err
	}
	// With both arguments the same, the old root ends up mounted over the new one, and can be taken off at once.
	if err := unix.PivotRoot(".", "."); err != nil {
		return err
	}
	if err := unix.Unmount(".", unix.MNT_DETACH); err != nil {
		return err
	}
	// kubelet's mounts must be seen by containers that ask for it.
	return unix.Mount("", "/", "", unix.MS_REC|unix.MS_SHARED, "")
}

func shadowKernelSettings(settings map[string]string) error {
	for name, value := range settings {
		file := filepath.Join("/run/kernel-settings", strings.ReplaceAll(name, "/", "."))
		if err := writeFile(file, value+"\n"); err != nil {
			return err
		}
		if err := unix.Mount(file, filepath.Join("/proc/sys", name), "", unix.MS_BIND, ""); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
