using System.Text.Json;
using Google.Protobuf;
using Ops.Cli.Commands;
using Ops.Onnx;
using Ops.Onnx.Proto;
using Ops.Specs.Types;
using Ops.Tensors;
using Ops.Tests.Onnx;

namespace Ops.Tests.Cli;

[TestClass]
public class CommandTests
{
    private readonly TemporaryFolder folder = new();

    [TestCleanup]
    public void Clean() => folder.Dispose();

    [TestMethod]
    [DataRow()]
    [DataRow("bogus")]
    [DataRow("test")]
    [DataRow("test", "/no/such/folder")]
    [DataRow("test", ".", "--path", "sideways")]
    [DataRow("run", "/no/such/model.onnx")]
    [DataRow("run")]
    [DataRow("infer")]
    [DataRow("infer", "--against", "x.jsonl")]
    [DataRow("infer", "model.onnx", "--against", "x.jsonl", "--models", ".")]
    [DataRow("infer", "--against", "/no/such/file", "--models", "/")]
    [DataRow("check", "/no/such/file.op.yaml")]
    [DataRow("fix", "/no/such/file.op.yaml")]
    [DataRow("fix", "--rule", "OPS0101")]
    [DataRow("explain")]
    [DataRow("explain", "NoSuchOp")]
    [DataRow("explain", "Softmax@1")]
    [DataRow("status", "NoSuchOp")]
    [DataRow("new")]
    [DataRow("new", "lowercase")]
    [DataRow("new", "Fresh", "--pattern", "no-such-pattern")]
    [DataRow("new", "Softmax")]
    [DataRow("new", "Softmax", "--since", "1")]
    public async Task UsageErrorsAreOneLineAndTwo(params string[] arguments)
    {
        var (code, output, error) = await Opspec(arguments);
        Assert.AreEqual(2, code);
        Assert.AreEqual("", output);
        Assert.HasCount(1, error.TrimEnd().Split('\n'), error);
        StringAssert.StartsWith(error, "opspec: ");
    }

    [TestMethod]
    [DataRow("", "a command is missing; there are run, test, infer")]
    [DataRow("chek", "there is no command 'chek'; did you mean 'check'?")]
    [DataRow("check --sugestions", "check has no option '--sugestions'; did you mean '--suggestions'? (see opspec check --help)")]
    [DataRow("run --rpeat 3 x.onnx", "run has no option '--rpeat'; did you mean '--repeat'?")]
    [DataRow("bench --threads many", "it wants a whole number (see opspec bench --help)")]
    [DataRow("explain Softmx", "did you mean 'Softmax'?")]
    [DataRow("export Atention", "did you mean 'Attention'?")]
    [DataRow("status atention", "did you mean 'Attention'?")]
    [DataRow("check nowhere.op.yaml", "opspec: nowhere.op.yaml: there is no such file or folder")]
    public async Task MistakesOfTheCommandLineNameWhatIsNear(string arguments, string said)
    {
        var (code, _, error) = await Opspec(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.AreEqual(2, code);
        StringAssert.Contains(error, said);
    }

    [TestMethod]
    [DataRow("--help", "check")]
    [DataRow("test --help", "Examples:")]
    [DataRow("run --help", "--repeat")]
    [DataRow("infer --help", "--against")]
    [DataRow("check --help", "Exit code")]
    [DataRow("new --help", "opspec new Swoosh")]
    [DataRow("fix --help", "--dry-run")]
    [DataRow("schema --help", "yaml-language-server")]
    [DataRow("--version", ".")]
    public async Task HelpAndVersionAreNoErrors(string arguments, string said)
    {
        var (code, output, _) = await Opspec(arguments.Split(' '));
        Assert.AreEqual(0, code);
        StringAssert.Contains(output, said);
    }

    [TestMethod]
    [DataRow("Gemm", "Gemm-13 of ai.onnx (versions 11, 13)", "specs/ai.onnx/Gemm.op.yaml:", "transA  bool = false", "c-broadcasts",
        "contraction(M, N, K)", "bfloat16 (computed in float)")]
    [DataRow("Attention@24", "Attention-24", "attn_mask axis -1; unknown without attn_mask", "checked by Q axis 2 = Hq * E",
        "nonpad_kv_seqlen", "Capped = ")]
    [DataRow("ReduceSum", "the length of axes|axes axis 0", "reduce(data, cut)")]
    [DataRow("FlexAttention", "structs that presets become", "Causal", "where(j <= i, s, -inf)", "Pruned",
        "row_sum(where(p < 0.001, 0, p))")]
    [DataRow("Gemm --json", "\"from\": \"A axis 1; the same in A axis 0", "\"line\": 6")]
    public async Task ExplainTellsWhereThingsComeFrom(string arguments, params string[] said)
    {
        var (code, output, error) = await Opspec(["explain", .. arguments.Split(' ')]);
        Assert.AreEqual(0, code, error);
        foreach (string text in said)
            Assert.IsTrue(text.Split('|').Any(output.Replace(Path.DirectorySeparatorChar, '/').Contains), $"{text} is not in\n{output}");
    }

    [TestMethod]
    public async Task ExplainLooksIntoBodies()
    {
        GraphProto tanh = Build.Graph([Build.Value("s")], [Build.Value("t")], Build.Node("Tanh", ["s"], ["t"]));
        tanh.Input[0].Type.TensorType.Shape = tanh.Output[0].Type.TensorType.Shape = null;
        NodeProto attend = Build.Node("FlexAttention", ["x", "x", "x"], ["a"], Build.Subgraph("score_mod", tanh));
        attend.Domain = "ai.onnx.preview";
        ValueInfoProto Value(string name) => Build.Value(name, ElementType.Float, 1, 2, 20, 8);
        NodeProto branch = Build.Node("If", ["c"], ["y"], Build.Subgraph("then_branch", Build.Graph([], [Value("a")], attend)),
            Build.Subgraph("else_branch", Build.Graph([], [Value("n")], Build.Node("Neg", ["x"], ["n"]))));
        ModelProto model = Build.Model(Build.Graph([Build.Value("c", ElementType.Bool), Value("x")], [Value("y")], branch));
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx.preview", Version = 1 });
        File.WriteAllBytes(folder.File("branch.onnx"), model.ToByteArray());
        var (code, output, error) = await Opspec("explain", folder.File("branch.onnx"), "--json");
        Assert.AreEqual(0, code, error);
        JsonElement told = JsonDocument.Parse(output).RootElement.EnumerateArray()
            .Single(n => n.GetProperty("op").GetString() == "FlexAttention");
        Assert.AreEqual(("then_branch of If of 'y'", "tanh(s)", 1),
            (told.GetProperty("graph").GetString(), told.GetProperty("score").GetString(), told.GetProperty("tier").GetInt32()));
    }

    [TestMethod]
    [DataRow("explain")]
    [DataRow("infer")]
    [DataRow("run")]
    public async Task MistakesOfModelsAreNamedWithTheirNode(string command)
    {
        Ops.Onnx.Proto.ValueInfoProto x = Build.Value("x", ElementType.Float, 2), y = Build.Value("y", ElementType.Float, 2);
        File.WriteAllBytes(folder.File("twice.onnx"), Build.Model(Build.Graph([x, x], [y], Build.Node("Neg", ["x"], ["y"]))).ToByteArray());
        File.WriteAllBytes(folder.File("attribute.onnx"),
            Build.Model(Build.Graph([x], [y], Build.Node("Softmax", ["x"], ["y"], Build.Float("axis", 1)))).ToByteArray());
        var (code, _, error) = await Opspec(command, folder.File("twice.onnx"));
        Assert.AreEqual((2, "opspec: graph 'test' duplicate: there are two inputs 'x'"), (code, error.TrimEnd()));
        (code, _, error) = await Opspec(command, folder.File("attribute.onnx"));
        Assert.AreEqual((2, "opspec: node Softmax of 'y': Softmax axis: wants INT, got FLOAT 1"), (code, error.TrimEnd()));
    }

    [TestMethod]
    public async Task FixKeepsTheMarkOfAFile()
    {
        string path = folder.File("Twice.op.yaml");
        File.WriteAllText(path, "op: Twice\nsince: 13\nsumary: Doubles.\ninputs:\n  - X: float[...d]\noutputs:\n  - Y: float[...d]\nbody: |\n  Y = Add (X, X)\n",
            new System.Text.UTF8Encoding(true));
        var (code, output, _) = await Opspec("fix", path);
        Assert.AreEqual(0, code, output);
        CollectionAssert.AreEqual(System.Text.Encoding.UTF8.GetPreamble(), File.ReadAllBytes(path)[..3]);
    }

    [TestMethod]
    public async Task CheckTellsOfKernelsThatNobodyHasWritten()
    {
        const string spec = "op: Twice\ndomain: com.example\nsince: 1\nsummary: Doubles.\ntypes: { T: float | double }\ninputs:\n  - X: T[...d]\noutputs:\n  - Y: T[...d]\nkernel: elementwise\n";
        const string kernel = "namespace Ops.Com.Example;\npublic static partial class Twice { static partial class Body<V, T> { public static partial V Apply(in Args args, V X) => X + X; } }\n";
        string path = folder.File("specs/Twice.op.yaml");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, spec);
        Assert.AreEqual(0, (await Opspec("check", path)).Code, "specs without a project need no kernels");
        File.WriteAllText(folder.File("Own.csproj"), "<Project Sdk=\"Microsoft.NET.Sdk\" />");
        var (code, output, _) = await Opspec("check", path);
        Assert.AreEqual(1, code);
        StringAssert.Contains(output, ":10:1: error OPS1001: nobody has written the kernel of Twice; 'opspec fix --rule OPS1001' starts it");
        File.WriteAllText(folder.File("Twice.cs"), kernel);
        Assert.AreEqual(0, (await Opspec("check", path)).Code);
    }

    [TestMethod]
    public async Task FixRepairsWhatHasOneRepair()
    {
        const string sound = "op: Twice\nsince: 13\nsummary: Doubles.\ntypes: { T: float | double }\ninputs:\n  - X: T[...d]\noutputs:\n  - Y: T[...d]\nbody: |\n  Y = Add (X, X)\n";
        string path = folder.File("Twice.op.yaml"),
            mistaken = sound.Replace("summary", "sumary").Replace("double", "duoble").Replace("Add", "Ad");
        File.WriteAllText(path, mistaken);
        var (code, output, _) = await Opspec("fix", path, "--dry-run");
        Assert.AreEqual((1, mistaken), (code, File.ReadAllText(path)), output);
        (code, output, _) = await Opspec("fix", path);
        Assert.AreEqual((0, sound), (code, File.ReadAllText(path)), output);
        StringAssert.Contains(output, "OPS0004: Change 'sumary' to 'summary'");
        (code, output, _) = await Opspec("fix", path, "--json");
        Assert.AreEqual(0, code, output);
        Assert.AreEqual(0, JsonDocument.Parse(output).RootElement.GetProperty("fixes").GetArrayLength());
        (code, output, _) = await Opspec("check", path, "--json");
        Assert.AreEqual(0, code, output);
    }

    [TestMethod]
    public async Task TestsPassFailAndAreSkipped()
    {
        AddTest("deep/er/good", "Add", [3, 5]);
        AddTest("bad", "Add", [3, 5.25f]);
        AddTest("unknown", "NoSuchOp", [3, 5]);
        var (code, output, _) = await Opspec("test", folder.Path);
        Assert.AreEqual(1, code);
        string[] lines = output.TrimEnd().Split('\n');
        Assert.AreEqual("1 passed, 1 failed, 1 skipped", lines[^1]);
        CollectionAssert.Contains(lines, "passed deep/er/good");
        CollectionAssert.Contains(lines, "skipped unknown: no spec for NoSuchOp");
        CollectionAssert.Contains(lines,
            "failed bad: test_data_set_0: output 'y': 1 of 2 elements differ, largest error 0.25 at [1]: got 5, wants 5.25 (rtol 0.001, atol 1E-05)");
        Assert.IsFalse(output.Contains('\e'), "no colours outside a terminal");
    }

    [TestMethod]
    [DataRow("failed", "BitwiseAnd", "a b", "BitwiseAnd type-not-allowed: BitwiseAnd-18 takes no float for A, which is one of uint8,")]
    [DataRow("failed", "Add", "a b a", "there are 3, ai.onnx.Add-14 takes at most 2")]
    [DataRow("failed", "Add", "a nope", "'nope'")]
    [DataRow("failed", "Add", "a", "B")]
    [DataRow("skipped", "NoSuchOp", "a b", "no spec for NoSuchOp")]
    public async Task WhatATestLacksIsSaid(string outcome, string op, string inputs, string said)
    {
        AddTest("t", op, [3, 5], inputs.Split(' '));
        var (code, output, _) = await Opspec("test", folder.Path);
        StringAssert.StartsWith(output, $"{outcome} t: ");
        StringAssert.Contains(output, said);
        Assert.AreEqual(outcome == "failed" ? 1 : 0, code);
    }

    [TestMethod]
    public async Task EveryDataSetCounts()
    {
        AddTest("t", "Add", [3, 5]);
        AddDataSet(folder.File("t"), 1, [3, 6]);
        var (code, output, _) = await Opspec("test", folder.Path);
        Assert.AreEqual(1, code);
        StringAssert.Contains(output, "failed t: test_data_set_1: ");
        StringAssert.EndsWith(output, "0 passed, 1 failed, 0 skipped\n");
    }

    [TestMethod]
    public async Task SettingsOfATestWidenItsTolerance()
    {
        AddTest("t", "Add", [3, 5.25f]);
        File.WriteAllText(folder.File("t/data.json"), """{ "rtol": 0.1, "atol": 0 }""");
        Assert.AreEqual(0, (await Opspec("test", folder.File("t"))).Code);
        File.WriteAllText(folder.File("t/data.json"), """{ "rtol": "wide" }""");
        Assert.AreEqual(1, (await Opspec("test", folder.File("t"))).Code);
        File.WriteAllText(folder.File("t/data.json"), "{");
        Assert.AreEqual(1, (await Opspec("test", folder.File("t"))).Code);
    }

    [TestMethod]
    public async Task FilterMatchesTheFolderName()
    {
        AddTest("a/test_add_one", "Add", [3, 5]);
        AddTest("test_other", "Add", [0, 0]);
        Assert.AreEqual("1 passed, 0 failed, 0 skipped",
            (await Opspec("test", folder.Path, "--filter", "test_a??_*")).Output.TrimEnd().Split('\n')[^1]);
        Assert.AreEqual(2, (await Opspec("test", folder.Path, "--filter", "nothing")).Code);
    }

    [TestMethod]
    public async Task BrokenModelsFailAndOthersGoOn()
    {
        AddTest("a", "Add", [3, 5]);
        AddTest("b", "Add", [3, 5]);
        File.WriteAllBytes(folder.File("a/model.onnx"), [1, 2, 3]);
        var (code, output, _) = await Opspec("test", folder.Path);
        Assert.AreEqual(1, code);
        StringAssert.Contains(output, "1 passed, 1 failed, 0 skipped");
    }

    [TestMethod]
    public async Task JsonHoldsResultsAndSummary()
    {
        AddTest("good", "Add", [3, 5]);
        AddTest("unknown", "NoSuchOp", [3, 5]);
        using JsonDocument json = JsonDocument.Parse((await Opspec("test", folder.Path, "--json")).Output);
        Assert.AreEqual("good", json.RootElement.GetProperty("results")[0].GetProperty("name").GetString());
        Assert.AreEqual("skipped", json.RootElement.GetProperty("results")[1].GetProperty("outcome").GetString());
        Assert.AreEqual(1, json.RootElement.GetProperty("summary").GetProperty("passed").GetInt32());
    }

    [TestMethod]
    public async Task RunPrintsWhatRanAndWritesOutputs()
    {
        AddTest("t", "Add", [3, 5]);
        string data = folder.File("t/test_data_set_0");
        var (code, output, _) = await Opspec("run", folder.File("t/model.onnx"), "--input", $"a={data}/input_0.pb", "--input",
            $"b={data}/input_1.pb", "--output", folder.File("out"), "--repeat", "3");
        Assert.AreEqual(0, code);
        StringAssert.Contains(output, "fused");
        StringAssert.Contains(output, "y: float[2] = 3, 5");
        StringAssert.Contains(output, "median of 3 runs");
        CollectionAssert.AreEqual(new[] { 3f, 5 }, TensorFile.Read(folder.File("out/y.pb")).Span<float>().ToArray());
        using JsonDocument json = JsonDocument.Parse((await Opspec("run", folder.File("t/model.onnx"), "--data", data, "--json")).Output);
        Assert.AreEqual("Add", json.RootElement.GetProperty("nodes")[0].GetProperty("op").GetString());
        using JsonDocument profile =
            JsonDocument.Parse((await Opspec("run", folder.File("t/model.onnx"), "--data", data, "--profile", "--json")).Output);
        Assert.AreEqual(1.0, profile.RootElement.GetProperty("profile").EnumerateArray()
            .Sum(n => n.GetProperty("share").GetDouble()), 1e-6);
        Assert.AreEqual(2, (await Opspec("run", folder.File("t/model.onnx"))).Code, "an input is missing");
        Assert.AreEqual(2, (await Opspec("run", folder.File("t/model.onnx"), "--input", "nonsense")).Code);
        Assert.AreEqual(2, (await Opspec("run", folder.File("t/model.onnx"), "--data", data, "--repeat", "0")).Code);
    }

    [TestMethod]
    public async Task InferPrintsTypes()
    {
        File.WriteAllBytes(folder.File("m.onnx"),
            Build.Model(Build.Graph([Build.Value("a", ElementType.Float, "N", 1), Build.Value("b", ElementType.Float, 4)],
                [Build.Value("y", ElementType.Float, null, null)],
            Build.Node("Add", ["a", "b"], ["y"]))).ToByteArray());
        StringAssert.Contains((await Opspec("infer", folder.File("m.onnx"))).Output, "output   y: float[N, 4]");
        using JsonDocument json = JsonDocument.Parse((await Opspec("infer", folder.File("m.onnx"), "--json")).Output);
        Assert.AreEqual("N", json.RootElement.GetProperty("values")[2].GetProperty("shape")[0].GetString());
    }

    [TestMethod]
    public async Task InferComparesWithRecordedAnswers()
    {
        AddTest("t", "Add", [3, 5]);
        AddTest("u", "NoSuchOp", [3, 5]);
        const string Inputs = """[{"name":"a","elem_type":1,"shape":["n"]},{"name":"b","elem_type":1,"shape":["n"]}]""";
        File.WriteAllLines(folder.File("rows.jsonl"),
        [
            $$"""{"test":"t","symbolic":true,"inputs":{{Inputs}},"inferred":[{"name":"y","elem_type":1,"shape":["n"]}]}""",
            $$"""{"test":"t","symbolic":false,"inputs":{{Inputs}},"inferred":[{"name":"y","elem_type":1,"shape":[2]}]}""",
            $$"""{"test":"t","symbolic":false,"inputs":{{Inputs}},"inferred":[],"error":"it failed"}""",
            $$"""{"test":"u","symbolic":false,"inputs":{{Inputs}},"inferred":[]}""",
            $$"""{"test":"../t","symbolic":false,"inputs":{{Inputs}},"inferred":[]}""",
        ]);
        var (code, output, _) = await Opspec("infer", "--against", folder.File("rows.jsonl"), "--models", folder.Path);
        Assert.AreEqual(1, code);
        StringAssert.Contains(output, "passed t (symbolic)");
        StringAssert.Contains(output, "failed t: 'y' loss at axis 0: [n], recorded is [2]");
        StringAssert.Contains(output, "no name of a folder");
        Assert.AreEqual("1 passed, 2 failed, 2 skipped", output.TrimEnd().Split('\n')[^1].TrimEnd());
    }

    [TestMethod]
    public async Task CheckPrintsFindingsWithFrames()
    {
        File.WriteAllText(folder.File("Draft.op.yaml"), "op: Draft\nsince: 1\nsummary: A draft.\nnonsense: 1\n");
        var (code, output, _) = await Opspec("check", folder.File("Draft.op.yaml"));
        Assert.AreEqual(1, code);
        StringAssert.Contains(output, "Draft.op.yaml:4:1: error OPS0004: ");
        StringAssert.Contains(output, "4 | nonsense: 1\n  | ^^^^^^^^");
        StringAssert.Contains(output.TrimEnd().Split('\n')[^1], "in 1 spec");
        using JsonDocument json = JsonDocument.Parse((await Opspec("check", folder.File("Draft.op.yaml"), "--json")).Output);
        Assert.AreEqual(1, json.RootElement.GetProperty("summary").GetProperty("specs").GetInt32());
    }

    private static async Task<(int Code, string Output, string Error)> Opspec(params string[] arguments)
    {
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter { NewLine = "\n" };
        int code = await OpspecCommand.Run(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>A test of an op on a = [1, 2] and b = [2, 3].</summary>
    private void AddTest(string name, string op, float[] wanted, string[]? inputs = null)
    {
        string test = folder.Folder(name);
        File.WriteAllBytes(Path.Combine(test, "model.onnx"),
            Build.Model(Build.Graph([Build.Value("a", ElementType.Float, 2), Build.Value("b", ElementType.Float, 2)],
            [Build.Value("y", ElementType.Float, 2)], Build.Node(op, inputs ?? ["a", "b"], ["y"]))).ToByteArray());
        AddDataSet(test, 0, wanted);
    }

    private static void AddDataSet(string test, int number, float[] wanted)
    {
        string data = Directory.CreateDirectory(Path.Combine(test, $"test_data_set_{number}")).FullName;
        TensorFile.Write(Path.Combine(data, "input_0.pb"), "a", TensorValue.From<float>([1, 2], 2));
        TensorFile.Write(Path.Combine(data, "input_1.pb"), "b", TensorValue.From<float>([2, 3], 2));
        TensorFile.Write(Path.Combine(data, "output_0.pb"), "y", TensorValue.From<float>(wanted, wanted.Length));
    }
}
