/** Puts the source of a variant in the place of its name, so that the editor shows the operation that is explored. */

/** The sources of the operations' variants, by the name of the table that holds them. */
export type Sources = Readonly<Record<string, string>>

/**
 * Returns the code with other variants. `code` has a line such as `const increment = incrementAccess.buggy` for each of them; `using`
 * names the variant for each such constant. A variant that is the product's own operation stays a name.
 */
export function withVariants(code: string, using: Readonly<Record<string, string>>, sources: Sources): string {
  let text = code
  for (const [constant, variant] of Object.entries(using)) {
    const line = new RegExp(`^const ${constant} = (\\w+)(?:\\.\\w+|\\[.*\\])$`, 'm')
    const table = line.exec(text)?.[1] ?? ''
    const source = variantIn(sources[table] ?? '', variant, constant)
    const key = /^\w+$/.test(variant) ? `.${variant}` : `['${variant}']`
    const own = `// The product's own operation: its steps are shown at the line that calls it.\nconst ${constant} = ${table}${key}`
    text = text.replace(line, () => source ?? own)
  }
  return withImports(text)
}

/** Returns a variant as a function, or a constant, of its own name, with the functions that it calls; undefined if it is an import. */
function variantIn(source: string, variant: string, name: string): string | undefined {
  const key = `(?:${variant}|'${variant}')`
  const member = new RegExp(
    `^((?: {2}/\\*\\*(?:.|\\n)*?\\*/\\n)?) {2}${key}(\\(|: by\\()((?:.|\\n)*?)^ {2}\\}(\\)?),$`,
    'm',
  )
  // The comment in front is the nearest one: a search from the start would begin at the first.
  const at = source.search(new RegExp(`^ {2}${key}(?:\\(|: by\\()`, 'm'))
  if (at < 0) return undefined
  const comment = source.lastIndexOf('\n  /**', at) + 1
  const [, doc = '', begin = '', body = '', close = ''] = member.exec(source.slice(comment)) ?? []
  const head = begin === '(' ? `function ${name}(` : `const ${name} = by(`
  const text = dedented(`${doc}  ${head}${body}  }${close}`)
  return [withoutPauses(text), ...helpersIn(source, text)].join('\n\n')
}

/** The pauses widen the race on real threads. The explorer needs none. */
function withoutPauses(text: string): string {
  return text.replace(/^ *pause\(\)\n/gm, '').replace(', pause = noPause', '')
}

/** Returns the functions of the file that the text calls. */
function helpersIn(source: string, text: string): string[] {
  const all = [...source.matchAll(/^(?:\/\*\*(?:.(?!\*\/))*.\*\/\n)?function (\w+)\((?:.|\n)*?^\}$/gm)]
  return all.filter(([, name]) => new RegExp(`\\b${name}\\(`).test(text)).map(([helper]) => withoutTypes(helper))
}

/** The types of the source stand in files of their own. */
function withoutTypes(helper: string): string {
  return helper
    .replace(
      /^(function \w+\()(.*?)\)(?:: \w+)? \{$/m,
      (_, head: string, list: string) => `${head}${list.replace(/: \w+/g, '')}) {`,
    )
    .replace(', pause) =>', ') =>')
    .replace(', id, pause)', ', id)')
}

function dedented(text: string): string {
  return text.replace(/^ {2}/gm, '')
}

/** What a variant's source may use of the lab. */
const USED = ['census', 'DEFAULT_ATTEMPTS', 'dropRow', 'emptyReport', 'refreshBy']

/** Imports what the code uses, and nothing else. */
function withImports(code: string): string {
  return code.replace(/^import \{([^}]*)\} from 'racelab\/lab'$/m, (_, list: string) => {
    const rest = code.replace(/^import (?:.|\n)*?'$/gm, '')
    const all = new Set([...list.split(',').map((name) => name.trim()), ...USED])
    const names = [...all].filter((name) => name !== '' && new RegExp(`\\b${name}\\b`).test(rest))
    const sorted = names.toSorted((one, other) => one.localeCompare(other, 'en'))
    const line = `import { ${sorted.join(', ')} } from 'racelab/lab'`
    if (line.length <= WIDTH) return line
    return `import {\n${sorted.map((name) => `  ${name},`).join('\n')}\n} from 'racelab/lab'`
  })
}

/** In characters: longer lines do not fit the editor. */
const WIDTH = 80
