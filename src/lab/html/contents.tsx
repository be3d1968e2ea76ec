/** Links to the sections of a long report. */
export function Contents({ titles }: { readonly titles: readonly string[] }) {
  return (
    <nav class="contents" aria-label="Contents">
      {titles.map((title) => (
        <a key={title} href={`#${anchorOf(title)}`}>
          {title}
        </a>
      ))}
    </nav>
  )
}

/** Returns the anchor of the section with a title: `lost-update`. */
export function anchorOf(title: string): string {
  return title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
}
