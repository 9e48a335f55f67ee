using Ops.Cli.Authoring;
using Ops.Specs;
using Ops.Specs.Code;
using Ops.Specs.Published;

namespace Ops.Cli.Checking;

/// <summary>The specs a command line means, looked up anew each time, so that files may come and go.</summary>
internal sealed class SpecSelection
{
    /// <summary>How often a watching command looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly string command;
    private readonly string[] given;
    private readonly string? root;
    private PublishedOps? published;

    /// <summary>A selection.</summary>
    /// <param name="command">The command, for messages.</param>
    /// <param name="given">Files and folders; none for all specs at or above the working directory.</param>
    /// <exception cref="OpException">There is nothing to select.</exception>
    public SpecSelection(string command, string[] given)
    {
        (this.command, this.given) = (command, given);
        root = given.Select(p => SpecFiles.Root(Directory.Exists(p) ? p : Path.GetDirectoryName(Path.GetFullPath(p))!))
            .FirstOrDefault(r => r is not null)
            ?? SpecFiles.Root(Directory.GetCurrentDirectory());
        if (given.Length == 0 && root is null)
            throw new OpException(command, "usage", "there is no folder 'specs' at or above the working directory; name a FILE or DIR");
    }

    /// <summary>The files meant.</summary>
    /// <exception cref="OpException">There are none, or one that was named does not exist.</exception>
    public IReadOnlyList<string> Chosen()
    {
        IReadOnlyList<string> paths = given.Length == 0
            ? SpecFiles.In(root!) : [.. given.SelectMany(SpecFiles.Of).DistinctBy(Path.GetFullPath)];
        return paths.Count > 0 ? paths
            : throw new OpException(command, "usage", $"there is no *.op.yaml in {(given.Length == 0 ? root : string.Join(", ", given))}");
    }

    /// <summary>The files those meant may refer to.</summary>
    public IReadOnlyList<string> Others() => SpecFiles.In(SpecFiles.Known(root));

    /// <summary>What domains have published of their ops.</summary>
    /// <exception cref="OpException">The file that says it cannot be read.</exception>
    public PublishedOps Published => published ??= PublishedSchemas.AtHand();

    /// <summary>The C# of their ops, as it is now.</summary>
    /// <exception cref="OpException">A file of it cannot be read.</exception>
    public OpCodeFinder Code => OpSources.Beside(root);

    /// <summary>The folder of specs whose kernels belong to a project that is there; null when there is none.</summary>
    public string? Completed => root is not null && KernelFolder.Find(root) is not null ? root : null;

    /// <summary>What the files look like now, from outside.</summary>
    public SpecState State() => new(string.Join('\n', Others().Concat(given.SelectMany(SpecFiles.Of)).Select(path => new FileInfo(path))
        .Select(file => FormattableString.Invariant($"{file.FullName}|{(file.Exists ? file.Length : -1)}|{file.LastWriteTimeUtc.Ticks}"))));
}

/// <summary>What spec files look like from outside: paths, lengths, times.</summary>
internal readonly record struct SpecState(string Text);
