/**
 * Prints programs as JavaScript: real loops and real calls of Atomics, one function for each actor and for each helper.
 */
import { ACTOR_COUNTERS, ACTOR_LOCALS, HELPER_COUNTERS, HELPER_LOCALS } from './program.ts'
import type { Access, Body, Comparison, Condition, Expression, Loop, Program, Statement, Style } from './program.ts'

/** Returns the functions of a program, without anything around them. */
export function declarationsOf(program: Program): string {
  const { style } = program
  const helpers = program.helpers.map((body, index) =>
    functionText(`help${index}`, body, HELPER_LOCALS, HELPER_COUNTERS, { ...style, leave: (code) => `return ${code}` }),
  )
  const results = ACTOR_LOCALS.join(', ')
  const actors = program.actors.map((body, index) =>
    functionText(`actor${index}`, body, ACTOR_LOCALS, ACTOR_COUNTERS, {
      ...style,
      leave: (code) => `return [${code}, ${results}]`,
    }),
  )
  return [...helpers, ...actors].map((lines) => lines.join(style.oneLine ? ' ' : '\n')).join('\n')
}

/** Returns an expression whose value is the actors, by name. */
export function scriptText(program: Program): string {
  return `(() => {\n${declarationsOf(program)}\nreturn { ${actorNames(program)} }\n})()\n`
}

/** Returns a module that exports the actors, by name, as `actors`. */
export function moduleText(program: Program): string {
  return `${declarationsOf(program)}\nexport const actors = { ${actorNames(program)} }\n`
}

function actorNames(program: Program): string {
  return program.actors.map((_, index) => `actor${index}`).join(', ')
}

interface Print extends Style {
  /** Returns the statement that returns a code from the function. */
  leave(code: number): string
}

function functionText(
  name: string,
  body: Body,
  locals: readonly string[],
  counters: readonly string[],
  print: Print,
): string[] {
  const declared = [...locals, ...counters].map((each) => `${each} = 0`).join(', ')
  const sees = locals.map((local) => `see_${local} = () => ${local}`)
  const counts = counters.map((counter) => `count_${counter} = () => { ${counter}++ }`)
  const closures = print.closures ? [`  const ${[...sees, ...counts].join(', ')};`] : []
  const before = [`function ${name}(w) {`, `  let ${declared};`, ...closures]
  return [...before, ...blockText(body, print), `  ${print.leave(0)};`, '}']
}

function blockText(body: Body, print: Print): string[] {
  return body.flatMap((statement) => statementText(statement, print)).map((line) => `  ${line}`)
}

function statementText(statement: Statement, print: Print): string[] {
  switch (statement.do) {
    case 'access':
      return statement.into === undefined
        ? [`${callText(statement.access)};`]
        : [`${statement.into} = ${accessText(statement.access)};`]
    case 'assign':
      return [`${statement.local} = ${expressionText(statement.value)};`]
    case 'count':
      return [print.closures ? `count_${statement.counter}();` : `${statement.counter}++;`]
    case 'if':
      return ifText(statement, print)
    case 'loop':
      return loopText(statement, print)
    case 'call':
      return [`${statement.into === undefined ? '' : `${statement.into} = `}help${statement.helper}(w);`]
    case 'exit':
      return [`${print.leave(statement.code)};`]
    default:
      return [`${statement.do};`]
  }
}

function ifText(statement: Statement & { readonly do: 'if' }, print: Print): string[] {
  const rest = statement.no.length === 0 ? ['}'] : ['} else {', ...blockText(statement.no, print), '}']
  return [`if (${conditionText(statement.test, print)}) {`, ...blockText(statement.yes, print), ...rest]
}

function loopText(loop: Loop, print: Print): string[] {
  const temps = loop.temps.length === 0 ? [] : [`  let ${loop.temps.map((temp) => `${temp} = 0`).join(', ')};`]
  const body = [...temps, ...blockText(loop.body, print)]
  const test = loop.test === undefined ? undefined : conditionText(loop.test, print)
  if (loop.form === 'while') return [`while (${test ?? 'true'}) {`, ...body, '}']
  if (loop.form === 'do') return ['do {', ...body, `} while (${test ?? 'true'});`]
  const { counter = 'i', rounds } = loop
  const bound = rounds === undefined ? undefined : `${counter} < ${rounds}`
  const tests = bound === undefined || test === undefined ? (bound ?? test ?? '') : `${bound} && (${test})`
  return [`for (let ${counter} = 0; ${tests}; ${counter}++) {`, ...body, '}']
}

function conditionText(condition: Condition, print: Print): string {
  switch (condition.test) {
    case 'access':
      return comparisonText(condition, print)
    case 'local': {
      const { local, is, value } = condition
      const seen = print.closures && LONG_LIVED.has(local) ? `see_${local}()` : local
      return `${seen} ${is} ${expressionText(value)}`
    }
    case 'counter':
      return `${condition.counter} ${condition.is} ${condition.value}`
    default: {
      const operator = condition.test === 'and' ? '&&' : '||'
      return `(${conditionText(condition.left, print)}) ${operator} (${conditionText(condition.right, print)})`
    }
  }
}

const LONG_LIVED: ReadonlySet<string> = new Set([...ACTOR_LOCALS, ...HELPER_LOCALS])

const REVERSED: Readonly<Record<Comparison, string>> = { '===': '===', '!==': '!==', '<': '>' }

function comparisonText(
  { access, is, value, between }: Condition & { readonly test: 'access' },
  { reversed }: Print,
): string {
  const [made, than] = [accessText(access), expressionText(value)]
  if (between !== undefined) return `${than} ${REVERSED[is]} (${between.local} = ${between.value}, ${made})`
  return reversed ? `${than} ${REVERSED[is]} ${made}` : `${made} ${is} ${than}`
}

/** Returns an expression for the access whose value is a number. */
function accessText(access: Access): string {
  if (access.op === 'write') return `(${callText(access)})`
  if (access.op !== 'wait') return callText(access)
  return `(${callText(access)} === '${access.timed ? 'timed-out' : 'ok'}' ? 1 : 0)`
}

function callText(access: Access): string {
  const { op, word } = access
  switch (op) {
    case 'read':
      return `w[${word}]`
    case 'write':
      return `w[${word}] = ${expressionText(access.value)}`
    case 'load':
      return `Atomics.load(w, ${word})`
    case 'cas':
      return `Atomics.compareExchange(w, ${word}, ${expressionText(access.expected)}, ${expressionText(access.value)})`
    case 'wait':
      return `Atomics.wait(w, ${word}, ${expressionText(access.expected)}${access.timed ? ', 10' : ''})`
    case 'notify':
      return `Atomics.notify(w, ${word}, ${access.count})`
    default:
      return `Atomics.${op}(w, ${word}, ${expressionText(access.value)})`
  }
}

function expressionText(expression: Expression): string {
  if (typeof expression === 'number') return String(expression)
  const { local, plus = 0 } = expression
  return plus === 0 ? local : `${local} + ${plus}`
}
