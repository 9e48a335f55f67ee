namespace Ops.Specs.Published;

/// <summary>What domains have published of their ops.</summary>
public sealed class PublishedOps
{
    private const string Resource = "Ops.Specs.Published.onnx.tsv";

    private static readonly Lazy<PublishedOps> Embedded = new(ReadEmbedded);

    private readonly Dictionary<(string Name, string Domain), SortedDictionary<int, Lazy<PublishedOp>>> ops = [];
    private readonly Dictionary<string, int> newest = [];

    /// <summary>Some ops.</summary>
    public PublishedOps(IEnumerable<PublishedOp> ops)
        : this(ops.Select(op => (op.Name, op.Domain, op.Since, new Lazy<PublishedOp>(() => op))))
    {
    }

    /// <summary>Ops that are read when somebody asks for them.</summary>
    internal PublishedOps(IEnumerable<(string Name, string Domain, int Since, Lazy<PublishedOp> Op)> ops)
    {
        foreach (var (name, domain, since, op) in ops)
        {
            if (!this.ops.TryGetValue((name, domain), out SortedDictionary<int, Lazy<PublishedOp>>? versions))
                this.ops.Add((name, domain), versions = []);
            versions[since] = op;
            newest[domain] = Math.Max(since, newest.TryGetValue(domain, out int known) ? known : 0);
        }
    }

    /// <summary>What ONNX has published, as recorded when this was built.</summary>
    public static PublishedOps Onnx => Embedded.Value;

    /// <summary>Nothing.</summary>
    public static PublishedOps None { get; } = new(Array.Empty<PublishedOp>());

    /// <summary>All of them, by domain, name and version.</summary>
    public IEnumerable<PublishedOp> All =>
        ops.OrderBy(o => o.Key.Domain, StringComparer.Ordinal).ThenBy(o => o.Key.Name, StringComparer.Ordinal)
            .SelectMany(o => o.Value.Values.Select(v => v.Value));

    /// <summary>A version of an op; null when nobody knows of it.</summary>
    public PublishedOp? Find(string name, string domain, int since) =>
        ops.TryGetValue((name, domain), out var versions) && versions.TryGetValue(since, out Lazy<PublishedOp>? op) ? op.Value : null;

    /// <summary>The versions of an op, oldest first; none when the domain has not published it.</summary>
    public IReadOnlyCollection<int> Versions(string name, string domain) =>
        ops.TryGetValue((name, domain), out var versions) ? versions.Keys : [];

    /// <summary>The newest version of anything in a domain; 0 when nothing is known of it.</summary>
    public int Newest(string domain) => newest.TryGetValue(domain, out int version) ? version : 0;

    private static PublishedOps ReadEmbedded()
    {
        using Stream stream = typeof(PublishedOps).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return PublishedText.Read(reader.ReadToEnd());
    }
}
