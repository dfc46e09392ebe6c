import type { Command } from 'commander';
import { everyOf } from '../../shared/decision/pages.ts';
import { Malformed } from '../../shared/errors.ts';
import type { DeadLetter } from '../../shared/model/records.ts';
import type { DocStore } from '../../shared/ports.ts';
import { replayOf } from '../../shared/replay.ts';
import { deadLettersTable } from '../../shared/views/dead-letters-table.ts';
import { type Connect, type Connection, connect } from '../connect.ts';
import { type Io, tableColumns } from '../io.ts';
import { paletteOf } from '../palette.ts';

type Options = { project?: string; json?: boolean };

const EXAMPLES = `
Examples:
  firebreak dead-letters                    messages that were given up, newest first
  firebreak dead-letters show ID            one, with its body
  firebreak dead-letters replay ID          send it again

A message that is sent again keeps its id and its time. What a finding in it leads to is recorded or asked for, and
never done by itself. A request is answered as given up, or as stale, and not carried out: send it anew, as who you are.`;

const letterOf = async (store: DocStore<DeadLetter>, id: string): Promise<DeadLetter> => {
  const found = await store.get(id);
  if (found === undefined) throw new Malformed(`there is no dead letter ${id}: see \`firebreak dead-letters\`.`);
  return found;
};

const list = async (io: Io, store: DocStore<DeadLetter>, { json }: Options): Promise<void> => {
  const letters = await everyOf(store, {});
  const options = { palette: paletteOf(io), columns: tableColumns(io), now: io.now() };
  const text = letters.length === 0 ? 'no dead letters' : deadLettersTable(letters, options);
  io.stdout.write(`${json === true ? JSON.stringify({ deadLetters: letters }) : text}\n`);
};

const replay = async (io: Io, { bus }: Connection, letter: DeadLetter, { json }: Options): Promise<void> => {
  const { topic, body, attributes } = replayOf(letter);
  const message = await bus.publish(topic, body, attributes);
  const said = `sent again on ${topic} as message ${message}`;
  io.stdout.write(json === true ? `${JSON.stringify({ topic, message })}\n` : `${letter.id} ${said}\n`);
};

/**
 * `firebreak dead-letters [show ID | replay ID]`: lists the messages that were given up, shows one, or sends one again.
 */
export const deadLettersCommand = (program: Command, io: Io, connectTo: Connect = connect): void => {
  const withStore = async (
    options: Options,
    work: (store: DocStore<DeadLetter>, connection: Connection) => Promise<void>,
  ): Promise<void> => {
    const connection = await connectTo(io, options.project);
    try {
      const store = connection.stores?.dead;
      if (store === undefined) throw new Malformed('no dead letters can be read from here: start `firebreak local`.');
      await work(store, connection);
    } finally {
      await connection.close();
    }
  };
  const withOptions = (command: Command): Command =>
    command
      .option('--project <id>', "the deployment's project (default: that of the local stack)")
      .option('--json', 'documents instead of text');

  const all = withOptions(program.command('dead-letters'))
    .description('list the messages that were given up, show one, or send one again')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', EXAMPLES)
    .action((options: Options) => withStore(options, (store) => list(io, store, options)));
  all
    .command('show')
    .description('one, with its body')
    .argument('<id>', 'id of the dead letter')
    .addHelpText('after', '\nExample:\n  firebreak dead-letters show ID | jq .body')
    .action((id: string, _: unknown, command: Command) =>
      withStore(command.optsWithGlobals(), async (store) => {
        io.stdout.write(`${JSON.stringify(await letterOf(store, id), null, 2)}\n`);
      }),
    );
  all
    .command('replay')
    .description('send one again, under its id and its time')
    .argument('<id>', 'id of the dead letter')
    .addHelpText('after', '\nExample:\n  firebreak dead-letters replay ID')
    .action((id: string, _: unknown, command: Command) => {
      const options: Options = command.optsWithGlobals();
      return withStore(options, async (store, connection) =>
        replay(io, connection, await letterOf(store, id), options),
      );
    });
};
