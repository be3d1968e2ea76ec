/**
 * Reports explorations as a JUnit file, which most CI systems can show. Each exploration is a test case; a failure has its
 * message and token. A variant of a bug that is declared broken passes if its exploration fails.
 */
import { adviceFor, cutSpinTexts } from '../../explore/report/advice.ts'
import type { Exploration, Failure } from '../../explore/search/result.ts'
import { asFlag } from './as-flag.ts'
import { allAsDeclared } from './explored-document.ts'
import type { ExploredDocument } from './explored-document.ts'

/** Returns the JUnit document of the explorations. */
export function junit(explorations: readonly ExploredDocument[]): string {
  const count = (verdict: Exploration['verdict']): number =>
    explorations.filter((each) => verdictOn(each) === verdict).length
  const seconds = explorations.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0) / 1000
  const counts = `tests="${explorations.length}" failures="${count('fail')}" errors="${count('error')}" skipped="${count('inconclusive')}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts} time="${seconds.toFixed(3)}">`,
    `  <testsuite name="racelab explore" ${counts} time="${seconds.toFixed(3)}">`,
    ...propertiesOf(explorations),
    ...explorations.map(testCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

/** Returns the verdict of the test case: for a variant that is declared broken, `pass` and `fail` are exchanged. */
function verdictOn({ verdict, declared }: ExploredDocument): Exploration['verdict'] {
  if (declared !== 'broken' || (verdict !== 'pass' && verdict !== 'fail')) return verdict
  return verdict === 'fail' ? 'pass' : 'fail'
}

/** Returns the property that says whether all variants of a bug are as declared. */
function propertiesOf(explorations: readonly ExploredDocument[]): string[] {
  const whole = allAsDeclared(explorations)
  return whole === undefined
    ? []
    : ['    <properties>', `      <property name="as declared" value="${whole}"/>`, '    </properties>']
}

function testCase(exploration: ExploredDocument): string {
  const { scenario, variant, elapsedMs } = exploration
  const name = attribute(variant === null ? scenario : `${scenario} (${variant})`)
  const open = `    <testcase classname="racelab.explore" name="${name}"${place(exploration)} time="${(elapsedMs / 1000).toFixed(3)}"`
  const children = childrenOf(exploration)
  return children.length === 0 ? `${open}/>` : [`${open}>`, ...children, '    </testcase>'].join('\n')
}

/** Returns the attributes with the file and the line of the first failure, or with the scenario's file. */
function place({ file, failures: [first] }: ExploredDocument): string {
  const { file: path = file, line } = first?.line ?? {}
  const at = path === undefined ? '' : ` file="${attribute(path)}"`
  return line === undefined ? at : `${at} line="${line}"`
}

function childrenOf(exploration: ExploredDocument): string[] {
  const { failures, error, stopped } = exploration
  const verdict = verdictOn(exploration)
  if (verdict === 'error') return [element('error', error?.code ?? '', error?.message ?? '')]
  if (verdict === 'inconclusive') {
    const words = [
      stopped ?? 'not complete',
      ...cutSpinTexts(exploration, asFlag),
      adviceFor(exploration, asFlag) ?? '',
    ]
    return [`      <skipped message="${attribute(words.filter((each) => each !== '').join('; '))}"/>`]
  }
  // A broken variant fails as declared: its failures are shown, but the test case passes.
  if (verdict === 'pass') return failures.map((each) => `      <system-out>${attribute(textOf(each))}</system-out>`)
  if (exploration.declared === 'broken')
    return [element('failure', 'not as declared', 'the variant is declared broken, but holds in every schedule')]
  return failures.map((each) => element('failure', each.kind, textOf(each)))
}

/** Returns a failure as text. The other data races of its schedule are a list. */
function textOf({ message, otherRaces = [], token }: Failure): string {
  const others = otherRaces.length === 0 ? [] : ['in the same schedule:', ...otherRaces.map((each) => `- ${each}`)]
  return [message, ...others, token].join('\n')
}

function element(tag: string, type: string, text: string): string {
  return `      <${tag} type="${attribute(type)}" message="${attribute(text.split('\n')[0] ?? '')}">${attribute(text)}</${tag}>`
}

/** Escapes a text for XML 1.0, and leaves out the control characters that XML 1.0 cannot represent. */
function attribute(text: string): string {
  return Array.from(text)
    .filter((character) => character >= ' ' || character === '\n' || character === '\t')
    .join('')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
