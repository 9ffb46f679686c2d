import { debianPackages } from '../artifacts/debian-packages.ts';

/** The node's root file system: what runs containers, what kubelet and kube-proxy call, and a shell to look around with. */
export const nodeRoot = debianPackages('node-root', "The node's root file system", [
  'containerd',
  'runc',
  'containernetworking-plugins',
  'libseccomp2',
  // kube-proxy writes its rules with nft
  'nftables',
  'libnftables1',
  'libnftnl11',
  'libmnl0',
  'libxtables12',
  'libjansson4',
  'libgmp10',
  'libedit2',
  'libbsd0',
  'libmd0',
  'libtinfo6',
  // kubelet mounts volumes with mount
  'mount',
  'libmount1',
  'libblkid1',
  'libsmartcols1',
  'libselinux1',
  'libpcre2-8-0',
  'libc6',
  'busybox-static',
]);
