// Makes the README that ships in the package: there, relative links and pictures lead nowhere.

/** A picture or a link of Markdown: `![alt](target)` or `[text](target)`; the text may be a picture. */
const reference = /(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)/g;
const codeBlock = /^(```[^]*?^```)$/m;

/**
 * With a `repository` in package.json, relative links and pictures become https addresses there. Without one, no
 * picture stays, and a link becomes its text. Code blocks stay as they are.
 *
 * @param {string} markdown
 * @param {string | { url: string } | undefined} repository the field of package.json: the https address of a GitHub
 *   repository, perhaps with `git+` before it and `.git` after it
 * @returns {{ markdown: string, leftOut: { pictures: number, links: number } }}
 * @throws {Error} for a repository of another form, since the addresses of its files aren't known
 */
export function packedReadme(markdown, repository) {
  const home = homeOf(repository);
  const leftOut = { pictures: 0, links: 0 };
  const rewrite = (text) =>
    text.replace(reference, (_, mark, label, target) => {
      const isPicture = mark === '!';
      const inside = isPicture ? label : rewrite(label);
      if (/^([a-z]+:|#)/i.test(target)) return `${mark}[${inside}](${target})`;
      if (home !== undefined)
        return `${mark}[${inside}](${home}/${isPicture ? 'raw' : 'blob'}/HEAD/${target})`;
      leftOut[isPicture ? 'pictures' : 'links']++;
      return isPicture ? '' : inside;
    });
  const prose = (text) =>
    text
      .split('\n\n')
      .map((block) => [block, rewrite(block)])
      // Nothing is left of a paragraph or table that held pictures only.
      .filter(([before, after]) => after === before || !/^[|\s:-]*$/.test(after))
      .map(([, after]) => after)
      .join('\n\n');
  const parts = markdown.split(codeBlock).map((part, index) => (index % 2 === 0 ? prose(part) : part));
  return { markdown: parts.join(''), leftOut };
}

/** @returns {string | undefined} the address of the repository's pages, without a slash at its end */
function homeOf(repository) {
  if (repository === undefined) return undefined;
  const url = typeof repository === 'string' ? repository : repository.url;
  const home = /^(?:git\+)?(https:\/\/github\.com\/[\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(url)?.[1];
  if (home === undefined)
    throw new Error(`package.json: repository isn't the https address of one on GitHub: ${url}`);
  return home;
}
