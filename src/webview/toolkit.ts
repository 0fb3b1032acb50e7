import { html } from '@microsoft/fast-element';
import {
  provideVSCodeDesignSystem,
  vsCodeBadge,
  vsCodeButton,
  vsCodeDivider,
  vsCodeTag,
} from '@vscode/webview-ui-toolkit';

// The toolkit's own template of these two carries a style attribute, which the policy of the page forbids.
const control = html`<div class="control" part="control"><slot></slot></div>`;

/** Defines the four elements that the page uses. The only file that knows where they come from. */
export function registerToolkit(): void {
  provideVSCodeDesignSystem().register(
    vsCodeBadge({ template: control }),
    vsCodeButton(),
    vsCodeDivider(),
    vsCodeTag({ template: control }),
  );
}
