export async function checkCommand(_: readonly string[]): Promise<number> { return 2; }
