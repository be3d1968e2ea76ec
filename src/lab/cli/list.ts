/** `lab list`: the bugs and their variants. */
import type { Command } from 'commander'
import { lessons } from '../lessons/index.ts'
import { textTable } from '../../terminal/text-table.ts'
import { widthOf } from '../../terminal/wrapped.ts'
import { print } from '../../terminal/print.ts'

/** Adds the subcommand to the program. */
export function addList(program: Command): void {
  program
    .command('list')
    .description('List the bugs and their variants.')
    .action(() => {
      const rows = lessons.flatMap(({ name, variants }) =>
        variants.map((variant, index) => [
          index === 0 ? name : '',
          variant.name,
          variant.sound ? 'sound' : 'broken',
          variant.summary,
        ]),
      )
      const columns = [{ name: 'bug' }, { name: 'variant' }, { name: 'declared' }, { name: 'what it is', text: true }]
      print(textTable(columns, rows, widthOf(process.stdout.columns)))
    })
}
