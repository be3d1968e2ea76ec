/**
 * Explorations as a JUnit file, which every CI can show: a test case each, failed with its message and token.
 */
import type { Exploration } from '../explore/result.ts'

export function junit(explorations: readonly Exploration[]): string {
  const count = (verdict: Exploration['verdict']): number =>
    explorations.filter((each) => each.verdict === verdict).length
  const seconds = explorations.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0) / 1000
  const counts = `tests="${explorations.length}" failures="${count('fail')}" errors="${count('error')}" skipped="${count('inconclusive')}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts} time="${seconds.toFixed(3)}">`,
    `  <testsuite name="racelab explore" ${counts} time="${seconds.toFixed(3)}">`,
    ...explorations.map(testCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function testCase(exploration: Exploration): string {
  const { scenario, variant, elapsedMs } = exploration
  const name = attribute(variant === null ? scenario : `${scenario} (${variant})`)
  const open = `    <testcase classname="racelab.explore" name="${name}" time="${(elapsedMs / 1000).toFixed(3)}"`
  const children = childrenOf(exploration)
  return children.length === 0 ? `${open}/>` : [`${open}>`, ...children, '    </testcase>'].join('\n')
}

function childrenOf({ verdict, failures, error, stopped }: Exploration): string[] {
  if (verdict === 'error') return [element('error', error?.code ?? '', error?.message ?? '')]
  if (verdict === 'inconclusive') return [`      <skipped message="${attribute(stopped ?? 'not complete')}"/>`]
  return failures.map(({ kind, message, token }) => element('failure', kind, `${message}\n${token}`))
}

function element(tag: string, type: string, text: string): string {
  return `      <${tag} type="${attribute(type)}" message="${attribute(text.split('\n')[0] ?? '')}">${attribute(text)}</${tag}>`
}

/** XML 1.0 has no way to write most control characters: they are left out. */
function attribute(text: string): string {
  return Array.from(text)
    .filter((character) => character >= ' ' || character === '\n' || character === '\t')
    .join('')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
