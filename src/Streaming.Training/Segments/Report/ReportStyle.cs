namespace Streaming.Training.Segments.Report;

/// <summary>The page's style: light and dark by the reader's setting, contrast of text at least 4.5 in both.</summary>
internal static class ReportStyle
{
    /// <summary>The style sheet; nothing in it is fetched.</summary>
    public const string Css = """

        :root{color-scheme:light dark;--ground:#ffffff;--raised:#f4f5f7;--text:#1b1f24;--quiet:#545b64;--line:#c9ced6;--a:#2f6fb0;--b:#b35900;--more:#2f6fb0;--less:#d9730d;--none:#e6e8eb;--s0:#0072b2;--s1:#b35900;--s2:#00805f;--s3:#a03070;--s4:#5a5a5a;--s5:#7a5c00}
        @media (prefers-color-scheme:dark){:root{--ground:#16191d;--raised:#20252b;--text:#e8eaed;--quiet:#aab2bc;--line:#414a55;--a:#6db0f2;--b:#f0a04b;--more:#5aa0e8;--less:#e0822f;--none:#2b3138;--s0:#56b4e9;--s1:#e69f00;--s2:#2fc49a;--s3:#e08ab8;--s4:#b0b0b0;--s5:#f0e442}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif}
        main{max-width:62rem;margin:0 auto;padding:1.5rem 1rem 4rem}
        h1{font-size:1.9rem;line-height:1.2}h2{margin-top:2.5rem;border-bottom:1px solid var(--line);padding-bottom:.2rem}h3{margin-top:2rem}
        p,li{max-width:46rem}a{color:var(--a)}code{font-size:.9em;background:var(--raised);padding:.1em .3em;border-radius:3px;overflow-wrap:anywhere}
        .quiet,figcaption,caption{color:var(--quiet);font-size:.92rem}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;margin:1rem 0;font-variant-numeric:tabular-nums}caption{text-align:left;padding-bottom:.4rem}
        th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:right;vertical-align:top}th:first-child,td:first-child,td.text,th.text{text-align:left}thead th{background:var(--raised)}
        figure{margin:1.2rem 0}svg{width:100%;height:auto;display:block;max-width:46rem}svg text{fill:var(--text);font-size:13px}svg .small{font-size:12.5px}
        .a{fill:var(--a)}.b{fill:var(--b)}.box{fill:var(--a);fill-opacity:.45}.all{fill:var(--quiet);fill-opacity:.35}.median{fill:var(--text)}.more{fill:var(--more)}.less{fill:var(--less)}.none{fill:var(--none)}
        .frame{fill:none;stroke:var(--line)}.p{fill-opacity:.6}.s0{fill:var(--s0)}.s1{fill:var(--s1)}.s2{fill:var(--s2)}.s3{fill:var(--s3)}.s4{fill:var(--s4)}.s5{fill:var(--s5)}
        .centre{stroke:var(--text);stroke-width:2;fill:var(--ground)}svg .number{font-weight:700;font-size:14px}
        .key{display:inline-block;width:.8em;height:.8em;margin:0 .3em 0 .8em}.key.a{background:var(--a)}.key.b{background:var(--b)}.key.more{background:var(--more)}.key.less{background:var(--less)}
        @media print{.scroll{overflow:visible}main{max-width:none}}

        """;
}
