/**
 * Reports explorations as annotations of GitHub Actions, which shows them beside the lines that they name. The format is
 * that of GitHub's workflow commands.
 */
import type { ExploredDocument, PlacedFailure } from './explored-document.ts'

/**
 * Returns one string for each annotation. Each failure, and a scenario that cannot be explored, gives an error. An inconclusive
 * exploration gives a warning. A variant that is as it is declared gives none.
 */
export function annotations(documents: readonly ExploredDocument[]): string[] {
  return documents.flatMap((document) => {
    const { scenario, variant, file, failures, verdict, error, stopped, asDeclared } = document
    if (asDeclared === true) return []
    const title = variant === null ? scenario : `${scenario} (${variant})`
    if (verdict === 'error')
      return [command('error', { file, title }, error?.message ?? 'the scenario cannot be explored')]
    if (verdict === 'inconclusive')
      return [command('warning', { file, title }, stopped ?? 'the exploration is not complete')]
    return failures.map((failure) =>
      command('error', { file, ...failure.line, title: titleOf(title, failure) }, textOf(failure)),
    )
  })
}

function titleOf(title: string, { kind }: PlacedFailure): string {
  return `${title}: ${kind}`
}

function textOf({ message, token }: PlacedFailure): string {
  return `${message}\ntoken: ${token}`
}

interface Properties {
  readonly file: string | undefined
  readonly line?: number
  readonly title: string
}

function command(name: 'error' | 'warning', properties: Properties, text: string): string {
  const given = Object.entries(properties).filter(([, value]) => value !== undefined)
  const list = given.map(
    ([key, value]) => `${key}=${escaped(String(value)).replaceAll(':', '%3A').replaceAll(',', '%2C')}`,
  )
  return `::${name} ${list.join(',')}::${escaped(text)}`
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}
