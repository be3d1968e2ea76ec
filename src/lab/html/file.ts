/** The files of `--html`. What makes them is loaded only if the option is given, so that other commands start faster. */
import { machineLine, thisMachine } from '../../terminal/machine.ts'
import { writeOut } from '../../terminal/print.ts'

type Reports = typeof import('./index.tsx')
type Heading = Parameters<Reports['exploredHtml']>[0]

/** A file that is to be written; undefined if none is asked for. */
export interface HtmlFile {
  /** Writes the file. Throws UnwrittenError. */
  write(title: string, make: (reports: Reports, heading: Heading) => string): void
}

/** Returns the file of the option; undefined if the option was not given. */
export async function htmlFile(path: string | undefined): Promise<HtmlFile | undefined> {
  if (path === undefined) return undefined
  const reports = await import('./index.tsx')
  return {
    write(title, make) {
      const about = [`Made ${new Date().toISOString()} by racelab.`, machineLine(thisMachine())]
      writeOut(path, make(reports, { title, about }))
    },
  }
}
