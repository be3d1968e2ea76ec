/** A report as one file: everything that it needs is inside, and it can be read without JavaScript. */
import type { ComponentChildren } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { REPORT_STYLE } from './report-style.ts'
import { STEPPING } from './stepping.ts'
import { STYLE } from './style.ts'

/** What stands at the top of a report. */
export interface Heading {
  readonly title: string
  /** When, with which command and on which machine, a line each. */
  readonly about: readonly string[]
}

/** Forbids every request, and every script but the one that steps. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"

/** Returns the whole file. */
export function htmlDocument({ title, about }: Heading, body: ComponentChildren): string {
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content={POLICY} />
        <link rel="icon" href="data:," />
        <title>{title}</title>
        <style dangerouslySetInnerHTML={{ __html: STYLE + REPORT_STYLE }} />
      </head>
      <body>
        <main>
          <h1>{title}</h1>
          {about.map((line) => (
            <p key={line} class="faint about">
              {line}
            </p>
          ))}
          {body}
        </main>
        <script dangerouslySetInnerHTML={{ __html: STEPPING }} />
      </body>
    </html>
  )
  return `<!doctype html>\n${renderToString(page)}\n`
}
