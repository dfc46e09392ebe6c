// Loaded before a function's own code (--import) when the local stack starts the function.
import { subscribe } from 'node:diagnostics_channel';
import { Server } from 'node:net';

// The function takes any free port, so it tells the stack which one.
subscribe('tracing:net.server.listen:asyncEnd', (event) => {
  const server = typeof event === 'object' && event !== null && 'server' in event ? event.server : undefined;
  const bound = server instanceof Server ? server.address() : null;
  if (typeof bound === 'object' && bound !== null) process.send?.({ listening: bound.port });
});

// The stack has ended, for whatever reason: the function must not outlive it.
process.on('disconnect', () => process.exit());
