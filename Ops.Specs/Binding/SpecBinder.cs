using Ops.Specs.Bodies;
using Ops.Specs.Checks;
using Ops.Specs.Collections;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Syntax;
using Ops.Specs.Text;

namespace Ops.Specs.Binding;

/// <summary>Binds one version: declares its names, types its expressions, checks its rules. A broken item is reported and left
/// out.</summary>
internal sealed class SpecBinder
{
    private readonly MergedSpec spec;
    private readonly ISpecScope scope;
    private readonly DiagnosticBag bag;
    private readonly CancellationToken ct;
    private readonly SymbolTable symbols;
    private readonly ExpressionBinder expressions;
    private readonly ShapeBinder shapes;
    private readonly SpecDeclarations declarations;
    private readonly PortBinder ports;
    private readonly AttributeBinder attributes;

    internal SpecBinder(MergedSpec spec, ISpecScope scope, DiagnosticBag bag, CancellationToken ct)
    {
        this.spec = spec;
        this.scope = scope;
        this.bag = bag;
        this.ct = ct;
        symbols = new SymbolTable(bag);
        expressions = new ExpressionBinder(symbols, bag);
        shapes = new ShapeBinder(symbols, expressions, bag);
        declarations = new SpecDeclarations(spec, symbols, bag);
        ports = new PortBinder(spec, declarations, symbols, expressions, shapes, bag);
        attributes = new AttributeBinder(spec, symbols, expressions, shapes, bag);
    }

    /// <summary>The model; null when the version cannot be declared.</summary>
    /// <param name="checks">Whether to ask also what binding itself need not know.</param>
    internal OpModel? Bind(bool checks)
    {
        OpModel called = BindDeclared();
        ct.ThrowIfCancellationRequested();
        EquatableArray<Preset> presets = new PresetBinder(expressions, bag).Bind(spec.Presets, spec.Attributes, called.Attributes);
        BodyModel? body = BindBody(spec);
        EquatableArray<BodyOverride> later = spec.Overrides.Select(o => BindBody(o) is { } b ? new BodyOverride(o.Opset, b) : null)
            .OfType<BodyOverride>().ToEquatableArray();
        if (spec.Kernel is null && spec.Equations is null && !spec.BodyBroken && spec.Document?.Keys.Count > 0)
            bag.Report(SpecRules.NoBody, spec.NameSpan,
                $"'{spec.Name}' has neither a 'body' nor a 'kernel'; 'kernel: manual' leaves all of it to be written by hand");
        string[] summary = (spec.Summary?.Value ?? "").Trim().Replace("\r\n", "\n").Split(['\n'], 2);
        OpModel whole = called with
        {
            Summary = summary[0].Trim(),
            Remarks = summary.Length > 1 ? summary[1].Trim() : "",
            Docs = BindDocs(),
            Body = body,
            LaterBodies = later,
            Presets = presets,
        };
        OpModel? model = IsDeclarable ? whole : null;
        if (!checks)
            return model;
        var version = new BoundVersion(spec, symbols, bag, model, whole.Lets, whole.Rules, scope.Published);
        VersionChecks.Run(version);
        ct.ThrowIfCancellationRequested();
        BodyShapeCheck.Run(version, scope);
        return model;
    }

    /// <summary>The model without what no caller sees; null when the version cannot be declared.</summary>
    internal OpModel? BindCalls()
    {
        OpModel called = BindDeclared();
        return IsDeclarable ? called : null;
    }

    private bool IsDeclarable => !spec.Nameless && !declarations.IsBroken && !ports.IsBroken && !attributes.IsBroken;

    /// <summary>What calls of the op depend on: no docs, body or presets.</summary>
    private OpModel BindDeclared()
    {
        declarations.Declare();
        EquatableArray<Let> lets = BindLets();
        ct.ThrowIfCancellationRequested();
        EquatableArray<TypeVariable> types = spec.Types.Select(BindType).OfType<TypeVariable>().ToEquatableArray();
        EquatableArray<Port> inputs = spec.Inputs.Select(p => ports.Bind(p, output: false)).OfType<Port>().ToEquatableArray();
        shapes.CheckOpenRanks(spec.Inputs);
        EquatableArray<AttributeModel> declared = spec.Attributes.Select(attributes.Bind).OfType<AttributeModel>().ToEquatableArray();
        EquatableArray<Port> outputs = spec.Outputs.Select(p => ports.Bind(p, output: true)).OfType<Port>().ToEquatableArray();
        ct.ThrowIfCancellationRequested();
        return new OpModel
        {
            Name = spec.Name,
            Domain = spec.Domain,
            Since = spec.Since,
            Opset = spec.Opset,
            Path = spec.Path,
            Summary = "",
            Remarks = "",
            Types = types,
            Inputs = inputs,
            Outputs = outputs,
            Attributes = declared,
            Dims = symbols.All.Where(s => s.Dim is not null).Select(s => new DimSymbol(s.Name, s.Dim!.Value, s.OnlyWith.ToEquatableArray()))
                .ToEquatableArray(),
            Lets = lets,
            Rules = spec.Constraints.Select(BindRule).OfType<Rule>().ToEquatableArray(),
            Docs = [],
            Body = null,
            Kernel = new KernelBinder(symbols, bag).Bind(spec.Kernel),
            Presets = [],
        };
    }

    private EquatableArray<Let> BindLets()
    {
        List<Let> lets = [];
        foreach (Entry<ExprSyntax> let in LetOrder.Sort(spec.Lets, bag))
        {
            expressions.Begin();
            if (symbols.Find(let.Name) is not { Kind: SymbolKind.Let } symbol || let.Value is null
                || expressions.Bind(let.Value) is not { } value)
                continue;
            // The kernel's arguments have arrays for these.
            ExprType listed = value.Type.Listed();
            if (listed.Depth > (listed.Kind == ExprKind.Exact ? 2 : 1))
            {
                expressions.Mismatch(let.Value, value.Type, "one value or a list, as what a name of 'let' stands for,");
                continue;
            }
            symbol.Type = value.Type;
            symbol.ReadsData = expressions.ReadsData;
            foreach ((Symbol read, _) in expressions.Unguarded)
                foreach (string name in read.OnlyWith)
                    if (!symbol.OnlyWith.Contains(name))
                        symbol.OnlyWith.Add(name);
            lets.Add(new Let(let.Name, value));
        }
        return lets.ToEquatableArray();
    }

    private TypeVariable? BindType(Entry<TypeVariableSyntax> type)
    {
        if (type.Value is not { } declaration || !declarations.HasTypes(type.Name))
            return null;
        expressions.Begin();
        Expr? set = TypeVariables.IsConstant(declaration.Set)
            ? null : expressions.BindSet(declaration.Set, ExprTypes.Dtype, $"'{type.Name}'");
        Expr? value = declaration.Default is null ? null : expressions.BindAs(declaration.Default, ExprTypes.Dtype);
        return new TypeVariable(type.Name, declarations.Allowed(type.Name), set, value);
    }

    private Rule? BindRule(Entry<ExprSyntax> rule)
    {
        expressions.Begin();
        if (rule.Value is null || expressions.BindPredicate(rule.Value, allowMissingElse: true) is not { } predicate)
            return null;
        return new Rule(rule.Name, predicate, rule.Value.ToString(),
            FreeNames.Of(rule.Value).Where(expressions.Reads.Contains).Distinct().ToEquatableArray(), expressions.ReadsData);
    }

    private EquatableArray<Doc> BindDocs()
    {
        if (spec.Docs.Count == 0)
            return [];
        List<Doc> docs = [];
        IEnumerable<string> others = spec.Constraints.Select(c => c.Name)
            .Concat(spec.Inputs.Where(i => i.Value?.In is not null).Select(i => ValueRule.NameOf(i.Name)))
            .Concat(spec.Presets.Select(p => p.Name));
        foreach (Entry<MappedText> doc in spec.Docs)
        {
            if (symbols.Find(doc.Name) is null && !others.Contains(doc.Name))
                bag.Report(SpecRules.UnknownDoc, doc.NameSpan,
                    $"there is no '{doc.Name}' in this spec to document{DidYouMean.Hint(doc.Name, symbols.All.Select(s => s.Name).Concat(others))}");
            else if (doc.Value is not null)
                docs.Add(new Doc(doc.Name, OneLine.Of(doc.Value.Text)));
        }
        return docs.ToEquatableArray();
    }

    private BodyModel? BindBody(MergedSpec merged)
    {
        if (merged.Equations is null)
            return null;
        MergedSpec? version = bag.Version;
        bag.Version = merged.IsOverride ? merged : version;
        BodyModel body = new BodyBinder(merged, symbols, expressions, scope, bag).Bind();
        bag.Version = version;
        return body;
    }
}
