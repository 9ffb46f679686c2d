package main

import (
	"fmt"
	"net"
	"os"

	"github.com/vishvananda/netlink"
)

// One end of a pair has the node's address; the other only gives it a carrier.
const (
	interfaceName = "node0"
	carrierName   = "node0-carrier"
)

func setUpNetwork(network Network) error {
	pair := &netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: interfaceName}, PeerName: carrierName}
	if err := netlink.LinkAdd(pair); err != nil {
		return err
	}
	for _, name := range []string{"lo", interfaceName, carrierName} {
		link, err := netlink.LinkByName(name)
		if err != nil {
			return err
		}
		if err := netlink.LinkSetUp(link); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	address, err := netlink.ParseAddr(network.Address)
	if err != nil {
		return err
	}
	if err := netlink.AddrAdd(pair, address); err != nil {
		return err
	}
	for _, route := range network.Routes {
		_, destination, err := net.ParseCIDR(route)
		if err != nil {
			return err
		}
		if err := netlink.RouteAdd(&netlink.Route{LinkIndex: pair.Attrs().Index, Dst: destination}); err != nil {
			return fmt.Errorf("route %s: %w", route, err)
		}
	}
	// Settings of this network namespace alone.
	return os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0o644)
}
