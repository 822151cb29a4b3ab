import { type Browser, chromium } from 'playwright-core';
import { locate } from './needs.ts';

/** Of two such switches only the last one counts, so Playwright's own list stands here too. */
const OFF_BY_PLAYWRIGHT = [
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
];
/** Two pages of Chromium's own behind the address bar of each window, which nobody sees: half a second of processor time a window. */
const ADDRESS_BAR = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'];

/** A Chromium without a window on the screen. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: locate('chromium') ?? '',
    args: ['--no-sandbox', `--disable-features=${[...OFF_BY_PLAYWRIGHT, ...ADDRESS_BAR].join(',')}`],
  });
