/** The pages of docs/lessons: one a bug, from the lesson's own text. */
import type { lessons } from '../../src/lab/lessons/index.ts'

type Lesson = (typeof lessons)[number]

/** Returns the pages, by file name. */
export function lessonPages(all: readonly Lesson[]): Map<string, string> {
  const pages = all.map((lesson): [string, string] => [`${lesson.name}.md`, pageOf(lesson)])
  return new Map([['README.md', contents(all)], ...pages])
}

function contents(all: readonly Lesson[]): string {
  const rows = all.map(({ name, title, variants }) => [
    `[${name}](${name}.md)`,
    title,
    variants
      .filter(({ sound }) => sound)
      .map((variant) => `\`${variant.name}\``)
      .join(', '),
  ])
  return `${WRITTEN}\n# The lessons\n\n${table(['bug', 'title', 'variants that hold'], rows)}\n`
}

function pageOf(lesson: Lesson): string {
  const { name, title, variants, agent = 'Thread', lesson: story } = lesson
  const timeline = story.timeline.map(([one, two, store], time) => [`t${time}`, one, two, store])
  const list = variants.map((each) => [`\`${each.name}\``, each.sound ? 'sound' : 'broken', each.summary])
  const commands = [`npm run lab -- --bug ${name} --workers 8`, `npm run lab -- explain ${name}`]
  if ('scenario' in lesson) commands.push(`npm run lab -- explore ${name}`)
  return `${[
    `${WRITTEN}\n# ${title}`,
    markdown(story.story),
    `\`\`\`sh\n${commands.join('\n')}\n\`\`\``,
    '## How it goes wrong',
    table(['Time', `${agent} 1`, `${agent} 2`, 'Store'], timeline),
    markdown(story.outcome),
    '## Why',
    markdown(story.why),
    '## What holds',
    markdown(story.fixes),
    '## What only seems to hold',
    markdown(story.trap),
    '## Variants',
    table(['variant', 'declared', 'what it is'], list),
    '[All lessons](README.md)',
  ].join('\n\n')}\n`
}

const WRITTEN = '<!-- Written by `npm run docs` from src/lab/lessons. Change the lesson there. -->'

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const escaped = rows.map((cells) => cells.map((cell) => markdown(cell).replaceAll('|', String.raw`\|`)))
  return [head, head.map(() => '---'), ...escaped].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** A lesson's text is written for a terminal: what Markdown or HTML would take for markup is escaped, outside of code. */
function markdown(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll(/[<*_]/g, String.raw`\$&`)))
    .join('')
}
