/** The name of the text of the editor in stacks. */
export const FILE = 'scenario.ts'
