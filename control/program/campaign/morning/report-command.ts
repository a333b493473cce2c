export function campaignReport(_file: string, _out: string | undefined): number {
  return 0;
}
