using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Ops.Tests.Editor;

/// <summary>npm's yaml-language-server, spoken to over its standard streams as an editor does.</summary>
internal sealed class YamlLanguageServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly BlockingCollection<JsonNode> messages = [];
    private int requests;

    private YamlLanguageServer(Process process)
    {
        this.process = process;
        new Thread(Listen) { IsBackground = true }.Start();
    }

    private static string Folder => Path.Combine(RepositoryPaths.Root, "Ops.Tests", "Editor", "LanguageServer");

    /// <summary>Starts it with the workspace settings of this repository; inconclusive where npm or node could not bring it.</summary>
    public static YamlLanguageServer Start()
    {
        string program = Path.Combine(Folder, "node_modules", "yaml-language-server", "bin", "yaml-language-server");
        if (!File.Exists(program))
            Assert.Inconclusive("yaml-language-server is not installed: the build could not run npm ci in Ops.Tests/Editor/LanguageServer");
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo("node",
                [program, "--stdio"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new AssertInconclusiveException($"node does not start: {e.Message}");
        }
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var server = new YamlLanguageServer(process);
        server.Request("initialize", new JsonObject
        {
            ["processId"] = Environment.ProcessId,
            ["rootUri"] = new Uri(RepositoryPaths.Root).AbsoluteUri,
            ["workspaceFolders"] = new JsonArray(new JsonObject { ["uri"] = new Uri(RepositoryPaths.Root).AbsoluteUri, ["name"] = "ops" }),
            ["capabilities"] = new JsonObject
            {
                ["workspace"] = new JsonObject { ["configuration"] = true, ["workspaceFolders"] = true },
                ["textDocument"] = new JsonObject { ["completion"] =
                    new JsonObject { ["completionItem"] = new JsonObject { ["snippetSupport"] = true } } },
            },
        });
        server.Notify("initialized", []);
        return server;
    }

    /// <summary>Opens a document and returns what the server finds wrong in it.</summary>
    public JsonArray Open(string path, string text) => Open([(path, text)])[path];

    /// <summary>Opens documents and returns what the server finds wrong in each.</summary>
    public IReadOnlyDictionary<string, JsonArray> Open(IReadOnlyList<(string Path, string Text)> documents)
    {
        Dictionary<string, string> waiting = documents.ToDictionary(d => Uri(d.Path), d => d.Path);
        foreach ((string path, string text) in documents)
            Notify("textDocument/didOpen",
                new JsonObject { ["textDocument"] = new JsonObject
                {
                    ["uri"] = Uri(path), ["languageId"] = "yaml", ["version"] = 1, ["text"] = text
                } });
        var found = new Dictionary<string, JsonArray>();
        while (waiting.Count > 0)
        {
            JsonNode parameters = Receive(m => (string?)m["method"] == "textDocument/publishDiagnostics"
                && waiting.ContainsKey((string)m["params"]!["uri"]!))["params"]!;
            if (waiting.Remove((string)parameters["uri"]!, out string? path))
                found[path] = parameters["diagnostics"]!.AsArray();
        }
        return found;
    }

    /// <summary>What can stand at a place, labels only.</summary>
    public string[] Complete(string path, int line, int column) =>
        [.. (At("textDocument/completion", path, line, column)!["items"] ?? new JsonArray()).AsArray().Select(i => (string)i!["label"]!)];

    /// <summary>What is shown about what stands at a place.</summary>
    public string Hover(string path, int line, int column) =>
        (string?)At("textDocument/hover", path, line, column)?["contents"]?["value"] ?? "";

    /// <inheritdoc/>
    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }

    private static string Uri(string path) => new Uri(path).AbsoluteUri;

    private JsonNode? At(string method, string path, int line, int column) => Request(method, new JsonObject
    {
        ["textDocument"] = new JsonObject { ["uri"] = Uri(path) },
        ["position"] = new JsonObject { ["line"] = line, ["character"] = column },
    });

    private JsonNode? Request(string method, JsonObject parameters)
    {
        int id = ++requests;
        Send(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = parameters });
        JsonNode answer = Receive(m => m["method"] is null && (int?)m["id"] == id);
        Assert.IsNull(answer["error"], answer["error"]?.ToJsonString());
        return answer["result"];
    }

    private void Notify(string method, JsonObject parameters) =>
        Send(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = method, ["params"] = parameters });

    private void Send(JsonNode message)
    {
        byte[] body = Encoding.UTF8.GetBytes(message.ToJsonString());
        Stream input = process.StandardInput.BaseStream;
        input.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n")));
        input.Write(body);
        input.Flush();
    }

    /// <summary>The next message of a kind; what the server asks meanwhile is answered from the workspace settings.</summary>
    private JsonNode Receive(Func<JsonNode, bool> wanted)
    {
        long deadline = Stopwatch.GetTimestamp() + (long)(Patience.TotalSeconds * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < deadline)
        {
            if (!messages.TryTake(out JsonNode? message, TimeSpan.FromSeconds(1)))
                continue;
            if (wanted(message))
                return message;
            if (message["method"] is { } method && message["id"] is { } id)
                Send(new JsonObject
                {
                    ["jsonrpc"] = "2.0",
                    ["id"] = id.DeepClone(),
                    ["result"] = (string?)method == "workspace/configuration" ? Settings(message["params"]!["items"]!.AsArray()) : null
                });
        }
        throw new AssertFailedException("the language server does not answer");
    }

    private static JsonArray Settings(JsonArray items)
    {
        JsonObject settings = JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryPaths.Root, ".vscode", "settings.json")))!.AsObject();
        var yaml = new JsonObject();
        foreach ((string name, JsonNode? value) in settings.Where(s => s.Key.StartsWith("yaml.", StringComparison.Ordinal)))
            yaml[name["yaml.".Length..]] = value!.DeepClone();
        return new JsonArray([.. items.Select(i => (string?)i!["section"] == "yaml" ? yaml.DeepClone() : null)]);
    }

    private void Listen()
    {
        Stream output = process.StandardOutput.BaseStream;
        try
        {
            while (true)
            {
                int length = 0;
                while (ReadLine(output) is { Length: > 0 } header)
                    if (header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                        length = int.Parse(header["Content-Length:".Length..], CultureInfo.InvariantCulture);
                if (length == 0)
                    return;
                byte[] body = new byte[length];
                output.ReadExactly(body);
                messages.Add(JsonNode.Parse(body)!);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The server ended, which whoever waits for it will tell.
        }
    }

    private static string? ReadLine(Stream stream)
    {
        var line = new StringBuilder();
        for (int c = stream.ReadByte(); c >= 0; c = stream.ReadByte())
            if (c == '\n')
                return line.ToString().TrimEnd('\r');
            else
                line.Append((char)c);
        return null;
    }
}
