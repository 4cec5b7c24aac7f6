"""The gateway: an embedded Arweave, as far as ao needs one."""
