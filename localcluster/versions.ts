/** Every version that the local cluster is made of, but for Go modules (go.mod) and npm packages (package.json). */
export const versions = {
  kubernetes: '1.37.2',
  kafka: '4.3.1',
  scala: '2.13',
  /** Debian packages come from the release that the machine's apt is set up for, verified by apt. */
} as const;
