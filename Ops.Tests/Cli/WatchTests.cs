using Ops.Cli.Commands;
using Ops.Tests.Onnx;

namespace Ops.Tests.Cli;

/// <summary><c>opspec check --watch</c> checks again when a spec changes, comes or goes, until it is stopped.</summary>
[TestClass]
public sealed class WatchTests
{
    private const string Sound = "op: Draft\nsince: 1\nsummary: Doubles.\ntypes: { T: float | double }\ninputs:\n  - X: T[...d]\noutputs:\n  - Y: T[...d]\nkernel: elementwise\n";

    [TestMethod]
    public async Task Each_change_is_checked()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("Draft.op.yaml");
        File.WriteAllText(path, Sound);
        using var stop = new CancellationTokenSource();
        var output = new Transcript();
        Task<int> command = OpspecCommand.Run(["check", folder.Path, "--watch"], output, TextWriter.Null, stop.Token);
        await output.Says("0 errors, 0 warnings in 1 spec");

        File.WriteAllText(path, Sound.Replace("summary", "sumary"));
        await output.Says("Draft.op.yaml:3:1: error OPS0004: 'sumary' is not a key of a spec; did you mean 'summary'?");
        await output.Says("1 error, 0 warnings in 1 spec");

        File.WriteAllText(path, Sound);
        await output.Says("0 errors, 0 warnings in 1 spec");
        File.WriteAllText(folder.File("Other.op.yaml"), Sound.Replace("Draft", "Other"));
        await output.Says("in 2 specs");
        File.Delete(folder.File("Other.op.yaml"));
        await output.Says("0 errors, 0 warnings in 1 spec");

        stop.Cancel();
        Assert.AreEqual(CommandGuard.Stopped, await command);
    }

    /// <summary>What a command prints, line by line as it comes.</summary>
    private sealed class Transcript : StringWriter
    {
        private readonly System.Threading.Channels.Channel<string> lines = System.Threading.Channels.Channel.CreateUnbounded<string>();

        /// <summary>Waits for a line with a text in it, a minute at most; the lines before it are gone then.</summary>
        public async Task Says(string text)
        {
            var before = new List<string>();
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            try
            {
                do before.Add(await lines.Reader.ReadAsync(patience.Token));
                while (!before[^1].Contains(text, StringComparison.Ordinal));
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"no line with '{text}' came, but\n{string.Join("\n", before)}");
            }
        }

        public override void WriteLine(string? value)
        {
            Write(value);
            lines.Writer.TryWrite(ToString());
            GetStringBuilder().Clear();
        }

        public override void WriteLine() => WriteLine("");
    }
}
