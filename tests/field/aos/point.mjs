// Loaded before the console. Its client takes the network from globals, which it has no option to set; without them it asks
// the public network.
for (const name of ['GATEWAY_URL', 'MU_URL', 'CU_URL']) globalThis[name] = process.env[name]
