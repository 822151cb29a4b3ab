/** The HTML of a mail that tries to run, to load and to ask for what it shouldn't. */
export const hostile = `<p>Good day</p>
<script>window.top.hacked = 1; window.hacked = 1; document.body.append('script ran')</script>
<img src="cid:logo" alt="logo"><img src="x:y" onerror="window.top.hacked = 2">
<img src="https://tracker.example/open.gif" alt="tracked">
<div style="background: url(https://tracker.example/style.png)">styled</div>
<style>@import url(https://tracker.example/sheet.css); p { background-image: url(https://tracker.example/rule.png) }</style>
<style>@import "/api/v1/suggestions"; @font-face { font-family: theirs; src: url("/api/v1/interactions?limit=1") }
.theirs { font-family: theirs; background: url("/api/v1/organisations") }</style><p class="theirs">Their font</p>
<link rel="stylesheet" href="https://tracker.example/link.css">
<iframe src="https://tracker.example/frame"></iframe><object data="https://tracker.example/object"></object>
<video src="https://tracker.example/video" autoplay></video><form action="https://tracker.example/form"><input name="password"></form>
<svg onload="window.top.hacked = 3"><script>window.top.hacked = 4</script></svg>
<math><mtext><table><mglyph><style><img src=x onerror="window.top.hacked = 5"></style></mglyph></table></mtext></math>
<a href="javascript:window.top.hacked = 6">click</a> <a href="https://kuusilahti.example/page">a page</a>
<meta http-equiv="refresh" content="0; url=https://tracker.example/refresh"><base href="https://tracker.example/">`;
