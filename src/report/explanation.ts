/** A bug's lesson as text. */
import type { Lesson } from '../bugs/bug.ts'
import type { Colours } from './colours.ts'
import { textTable } from './text-table.ts'
import { wrapped } from './wrapped.ts'

export function explanation({ title, lesson, variants, agent = 'Thread' }: Lesson, { bold }: Colours): string {
  const rows = lesson.timeline.map((row, time) => [`t${time}`, ...row])
  const timeline = textTable(
    [{ name: 'Time' }, { name: `${agent} 1` }, { name: `${agent} 2` }, { name: 'Store' }],
    rows,
  )
  const list = textTable(
    [{ name: 'variant' }, { name: 'declared' }, { name: 'what it is' }],
    variants.map(({ name, sound, summary }) => [name, sound ? 'sound' : 'broken', summary]),
  )
  return [
    bold(title),
    wrapped(lesson.story),
    bold('How it goes wrong'),
    timeline,
    wrapped(lesson.outcome),
    bold('Why'),
    wrapped(lesson.why),
    bold('What holds'),
    wrapped(lesson.fixes),
    bold('What only seems to'),
    wrapped(lesson.trap),
    bold('Variants'),
    list,
  ].join('\n\n')
}
