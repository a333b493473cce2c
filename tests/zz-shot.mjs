import { chromium } from 'playwright-core';
const [,, url, out, w='1200'] = process.argv;
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--disable-gpu','--headless'] });
const p = await b.newPage({ viewport: { width: +w, height: 900 } });
p.on('console', m => console.log('console', m.text())); p.on('pageerror', e => console.log('error', e.message));
await p.goto(url); await p.waitForTimeout(1500); await p.screenshot({ path: out, fullPage: true }); await b.close();
