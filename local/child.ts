// Loaded before a function's own code (--import) where the local stack has started it.
import { subscribe } from 'node:diagnostics_channel';
import { Server } from 'node:net';

// The function takes any free port: the stack has to be told which one that was.
subscribe('tracing:net.server.listen:asyncEnd', (event) => {
  const server = typeof event === 'object' && event !== null && 'server' in event ? event.server : undefined;
  const bound = server instanceof Server ? server.address() : null;
  if (typeof bound === 'object' && bound !== null) process.send?.({ listening: bound.port });
});

// The stack is gone, however it ended: nothing of it stays behind.
process.on('disconnect', () => process.exit());
