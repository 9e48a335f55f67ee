using Ops.Specs.Diagnostics;
using Ops.Specs.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ops.Specs.Syntax;

/// <summary>
/// Reads a file into nodes with exact places. The YAML parser below throws for most mistakes, not only its own exception types, and stops
/// at the first; what was read before it is kept.
/// </summary>
internal sealed class YamlReader
{
    /// <summary>The longest spec that is read, in UTF-16 units.</summary>
    internal const int MaxLength = 1 << 20;

    /// <summary>How deep mappings and lists may nest; the language itself needs four levels.</summary>
    internal const int MaxDepth = 32;

    private readonly SpecText text;
    private readonly DiagnosticBag bag;
    private readonly CancellationToken ct;
    private readonly List<YamlNode?> documents = [];
    // A byte order mark is not part of the YAML text, yet counts in the file's offsets.
    private readonly int skipped;
    private IParser parser = null!;

    private YamlReader(SpecText text, DiagnosticBag bag, CancellationToken ct)
    {
        this.text = text;
        this.bag = bag;
        this.ct = ct;
        skipped = text.Text.Length > 0 && text.Text[0] == '\uFEFF' ? 1 : 0;
    }

    /// <summary>The file's documents; null stands for an empty one. <paramref name="broken"/> tells that the rest could not be
    /// read.</summary>
    internal static IReadOnlyList<YamlNode?> Read(SpecText text, DiagnosticBag bag, CancellationToken ct, out bool broken)
    {
        var reader = new YamlReader(text, bag, ct);
        broken = !reader.Read();
        return reader.documents;
    }

    private bool Read()
    {
        if (text.Text.Length > MaxLength)
        {
            bag.Report(SpecRules.TooLarge, text.Span(0, 0), $"the file has {text.Text.Length} characters; a spec has at most {MaxLength}",
                blocking: true);
            return false;
        }
        if (YamlTrouble.ForbiddenCharacter(text, skipped) is { } forbidden)
        {
            bag.Report(SpecRules.YamlSyntax, forbidden.Span, forbidden.Message, blocking: true);
            return false;
        }
        try
        {
            parser = new Parser(new StringReader(skipped == 0 ? text.Text : text.Text.Substring(skipped)));
            while (parser.MoveNext())
            {
                ct.ThrowIfCancellationRequested();
                if (parser.Current is DocumentStart start)
                    ReadDocument(start);
            }
            return true;
        }
        catch (OperationCanceledException)
        {
            throw;
        }
        catch (DepthException e)
        {
            bag.Report(SpecRules.TooLarge, e.Span, $"mappings and lists nest more than {MaxDepth} levels deep here", blocking: true);
        }
        catch (Exception e)
        {
            (SourceSpan span, string message) = YamlTrouble.Explain(text, skipped, e, parser?.Current);
            bag.Report(SpecRules.YamlSyntax, span, message, blocking: true);
        }
        return false;
    }

    private void ReadDocument(DocumentStart start)
    {
        if (start.Version is not null || (start.Tags is { } tags && tags.Any(t => !(t.Handle is "!" or "!!"))))
            bag.Report(SpecRules.YamlFeature, text.Span(Offset(start.Start), 1), "a spec has no YAML directives");
        Next();
        // An empty document is one plain scalar of length 0.
        documents.Add(null);
        YamlNode node = ReadNode(0);
        documents[documents.Count - 1] = node is YamlScalar { Value: "" } ? null : node;
    }

    private void Next()
    {
        ct.ThrowIfCancellationRequested();
        if (!parser.MoveNext())
            throw new InvalidOperationException("the text ends early");
    }

    private int Offset(Mark mark) => (int)Math.Min(text.Text.Length, (long)mark.Index + skipped);

    private SourceSpan Span(Mark start, Mark end) => text.Span(Offset(start), Offset(end) - Offset(start));

    private YamlNode ReadNode(int depth)
    {
        ParsingEvent current = parser.Current!;
        if (depth > MaxDepth)
            throw new DepthException(text.Span(Offset(current.Start), 1));
        if (current is NodeEvent node)
            RefuseProperties(node);
        switch (current)
        {
            case Scalar scalar:
                return ReadScalar(scalar);
            case AnchorAlias alias:
                SourceSpan span = Span(alias.Start, alias.End);
                bag.Report(SpecRules.YamlFeature, span, $"'*{alias.Value.Value}' is a YAML alias; quote the text if it is meant as such");
                return new YamlScalar(span, new MappedText(text, "", [span.Start]));
            case SequenceStart start:
                List<YamlNode> items = [];
                Next();
                while (parser.Current is not SequenceEnd)
                {
                    items.Add(ReadNode(depth + 1));
                    Next();
                }
                return new YamlSequence(Closed(Span(start.Start, parser.Current.End), start.Style == SequenceStyle.Flow), items);
            case MappingStart start:
                return ReadMapping(start, depth);
            default:
                throw new InvalidOperationException($"unexpected {current.GetType().Name}");
        }
    }

    private YamlMapping ReadMapping(MappingStart start, int depth)
    {
        List<KeyValuePair<YamlScalar, YamlNode>> entries = [];
        Next();
        Mark end = start.Start;
        while (parser.Current is not MappingEnd)
        {
            YamlNode key = ReadNode(depth + 1);
            Next();
            YamlNode value = ReadNode(depth + 1);
            end = parser.Current!.End;
            Next();
            if (key is YamlScalar { Value: "<<" } merge)
                bag.Report(SpecRules.YamlFeature, merge.Span, "a spec has no merge keys");
            else if (key is YamlScalar scalar)
                entries.Add(new(scalar, value));
            else
                bag.Report(SpecRules.WrongNode, key.Span, "a key is a name, not a list or mapping");
        }
        bool flow = start.Style == MappingStyle.Flow;
        return new YamlMapping(Closed(Span(start.Start, flow ? parser.Current.End : end), flow), entries);
    }

    /// <summary>The parser ends a flow collection before its bracket.</summary>
    private SourceSpan Closed(SourceSpan span, bool flow) =>
        flow && span.End < text.Text.Length && text.Text[span.End] is ']' or '}' ? text.Span(span.Start, span.Length + 1) : span;

    private YamlScalar ReadScalar(Scalar scalar)
    {
        int start = Offset(scalar.Start), end = Math.Max(start, Offset(scalar.End));
        if (!scalar.Anchor.IsEmpty || !scalar.Tag.IsEmpty)
            start = AfterProperties(start, end);
        MappedText mapped = ScalarMap.Make(text, scalar.Value, scalar.Style, start, end);
        // The end of a block scalar is where the next line starts; its text ends before.
        SourceSpan span = scalar.Style is ScalarStyle.Literal or ScalarStyle.Folded
            ? text.Span(start, mapped.Whole.End - start) : text.Span(start, end - start);
        return new YamlScalar(span, mapped);
    }

    private int AfterProperties(int at, int end)
    {
        while (at < end && text.Text[at] is '!' or '&')
        {
            while (at < end && !char.IsWhiteSpace(text.Text[at]))
                at++;
            while (at < end && char.IsWhiteSpace(text.Text[at]))
                at++;
        }
        return at;
    }

    private void RefuseProperties(NodeEvent node)
    {
        int start = Offset(node.Start);
        if (!node.Anchor.IsEmpty)
            bag.Report(SpecRules.YamlFeature, text.Span(start, node.Anchor.Value.Length + 1),
                $"'&{node.Anchor.Value}' is a YAML anchor; quote the text if it is meant as such");
        else if (!node.Tag.IsEmpty)
        {
            int end = start;
            while (end < text.Text.Length && !char.IsWhiteSpace(text.Text[end]))
                end++;
            bag.Report(SpecRules.YamlFeature, text.Span(start, end - start),
                "a spec has no YAML tags; quote the text if it starts with '!'");
        }
    }

    private sealed class DepthException(SourceSpan span) : Exception
    {
        internal SourceSpan Span { get; } = span;
    }
}
