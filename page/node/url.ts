/** Addresses of files: those of the page. */
export const fileURLToPath = (url: string | URL): string => new URL(url, location.href).pathname
export const pathToFileURL = (path: string): URL => new URL(path, location.href)
