import type { Account, Rung } from '../contract.ts';
import type { ChatConfig } from './config.ts';

/** `Connector.test`. There is nothing to connect to: it explains the settings and shows the tag to put into the site's pages. */
export async function* test({ id, config }: Account<ChatConfig>): AsyncIterable<Rung> {
  const tag = `<script src="https://HUB/widget.js" data-account="${id}" async></script>`;
  const { origins, identitySecret } = config;
  yield {
    name: 'pages',
    ok: true,
    detail: origins.length ? `Shown on ${origins.join(', ')}.` : 'Shown on our own pages only.',
  };
  yield {
    name: 'identity',
    ok: true,
    detail: identitySecret
      ? 'Visitors whom your site signs for are linked to their contact.'
      : 'No identity secret is set: visitors are not linked to contacts by themselves.',
  };
  yield {
    name: 'widget',
    ok: true,
    detail:
      id === 'test'
        ? 'Save, and test again: then the tag for your pages is shown here.'
        : `Put into your pages, with the address of this hub: ${tag}`,
  };
}
